"""Where a customer lives: added, removed, and used by default for bills or parcels; ten are kept."""

from datetime import datetime
from typing import Any

import pytest

from functions.crm.add_address import AddAddress, add_address
from functions.crm.address_book import AddressBook
from functions.crm.get_billing_profile import get_billing_profile
from functions.crm.list_addresses import list_addresses
from functions.crm.remove_address import remove_address
from shared.errors import NotFound
from shared.storage import Database
from tests.functions.crm.people import LONDON, register

OLD_ROAD = {**LONDON, "street_address": "1 Old Road"}


def add(db: Database, customer_id: str, address: dict[str, Any], **defaults: bool) -> AddressBook:
    command = AddAddress.model_validate({"address": address, **defaults})
    return db.transact(lambda tx: add_address(customer_id, command, tx))


def remove(db: Database, customer_id: str, address_id: str) -> AddressBook:
    return db.transact(lambda tx: remove_address(customer_id, address_id, tx))


def streets(book: AddressBook) -> list[tuple[str, bool, bool]]:
    return [(each.address.street_address, each.default_billing, each.default_shipping) for each in book.items]


def test_an_address_has_an_id_by_what_it_says_and_is_there_once(db: Database, now: datetime) -> None:
    ada = register(db, now)

    first = add(db, ada, LONDON)
    again = add(db, ada, {**LONDON, "city": " LONDON"})

    assert first == again == list_addresses(ada, db)
    assert [len(each.address_id) for each in first.items] == [24]


def test_the_newest_comes_first_and_defaults_stay_where_they_are(db: Database, now: datetime) -> None:
    ada = register(db, now, address=LONDON)

    add(db, ada, LONDON, default_billing=True, default_shipping=True)
    book = add(db, ada, OLD_ROAD, default_shipping=True)

    assert streets(book) == [("1 Old Road", False, True), ("12 St James's Square", True, False)]
    billed = get_billing_profile(ada, db).billing_address
    assert billed is not None
    assert billed.street_address == "12 St James's Square"


def test_ten_are_kept_and_a_default_is_never_the_one_to_go(db: Database, now: datetime) -> None:
    ada = register(db, now)
    add(db, ada, OLD_ROAD, default_billing=True)
    for number in range(1, 12):
        register(db, now, address={**LONDON, "street_address": f"{number} High Street"})

    kept = [street for street, _, _ in streets(list_addresses(ada, db))]
    assert kept == [*(f"{number} High Street" for number in range(11, 2, -1)), "1 Old Road"]


def test_what_is_removed_is_no_default_any_more_and_removing_twice_is_no_error(db: Database, now: datetime) -> None:
    ada = register(db, now, address=LONDON)
    book = add(db, ada, OLD_ROAD, default_billing=True)
    gone = book.items[0].address_id

    assert streets(remove(db, ada, gone)) == [("12 St James's Square", False, False)]
    assert remove(db, ada, gone) == list_addresses(ada, db)
    assert streets(add(db, ada, OLD_ROAD))[0] == ("1 Old Road", False, False)
    billed = get_billing_profile(ada, db).billing_address
    assert billed is not None
    assert billed.street_address == "1 Old Road", "the newest, where there is no default"


def test_nobody_unknown_lives_anywhere(db: Database) -> None:
    with pytest.raises(NotFound):
        add(db, "cus_unknown", LONDON)
    with pytest.raises(NotFound):
        remove(db, "cus_unknown", "adr_1")
