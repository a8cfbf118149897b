"""Who is ordering: found by e-mail address, or registered once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from pydantic import ValidationError

from functions.crm.customer import Customer, EmailClaim, claim_key
from functions.crm.resolve_customer import ResolveCustomer, ResolvedCustomer, resolve_customer
from functions.crm.seed import seed
from shared.errors import Invalid
from shared.events import Envelope
from shared.storage import Database, Document, Transaction
from shared.values.address import Address

LONDON = {"street_address": "12 St James's Square", "city": "London", "country": "GB", "zip_code": "SW1Y 4JH"}


def ada(**changes: Any) -> ResolveCustomer:
    asked = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
    return ResolveCustomer.model_validate({**asked, **changes})


def resolve(db: Database, command: ResolveCustomer, now: datetime) -> ResolvedCustomer:
    return db.transact(lambda tx: resolve_customer(command, tx, now))


def stored(db: Database, customer_id: str) -> Customer:
    customer = db.get(Customer, customer_id)
    assert customer is not None
    return customer


class Watched:
    """A transaction that counts what is asked of it."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.gets = 0
        self.writes = 0

    def get(self, kind: type[Document], key: str) -> Any:
        self.gets += 1
        return self._tx.get(kind, key)

    def put(self, document: Document) -> None:
        self.writes += 1
        self._tx.put(document)

    def __getattr__(self, name: str) -> Any:
        self.writes += 1
        return getattr(self._tx, name)


def watch(db: Database, command: ResolveCustomer, now: datetime) -> tuple[int, int]:
    """Resolve and return how many documents were got and written."""

    def work(tx: Transaction) -> tuple[int, int]:
        watched = Watched(tx)
        resolve_customer(command, watched, now)
        return watched.gets, watched.writes

    return db.transact(work)


def test_registers_a_newcomer_as_bronze_and_good(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    found = resolve(db, ada(address=LONDON), now)

    assert found.customer_id.startswith("cus_")
    assert found.model_dump(mode="json") == {
        "customer_id": found.customer_id,
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "tier": "bronze",
        "standing": "good",
        "since": "2026-11-20T08:00:00.000000Z",
        "vat_id": None,
    }
    (event,) = emitted(db)
    assert (event.type, event.subject, event.time) == ("customer.registered", found.customer_id, now)
    assert event.data == {"customer_id": found.customer_id, "tier": "bronze", "country": "GB"}


def test_an_event_tells_nothing_personal(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    resolve(db, ada(address=LONDON, vat_id="GB123456789"), now)

    text = emitted(db)[0].model_dump_json()
    assert not [secret for secret in ("ada", "Lovelace", "James", "SW1Y", "GB123456789") if secret in text]


def test_finds_the_same_customer_however_the_address_is_written(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    first = resolve(db, ada(), now)

    again = resolve(db, ada(email="  ADA@Example.COM "), now + timedelta(days=1))

    assert again == first
    assert len(emitted(db)) == 1
    assert db.aggregate(Customer).count == 1


def test_finds_a_known_customer_by_two_gets_and_writes_nothing(db: Database, now: datetime) -> None:
    resolve(db, ada(address=LONDON, vat_id="GB123456789"), now)

    repeat = ada(address={**LONDON, "city": "LONDON "}, vat_id="GB123456789", first_name="Augusta")

    assert watch(db, repeat, now) == (2, 0)
    assert watch(db, ada(), now) == (2, 0)


def test_the_name_stays_as_registered(db: Database, now: datetime) -> None:
    resolve(db, ada(), now)

    assert resolve(db, ada(first_name="Augusta", last_name="King"), now).first_name == "Ada"


def test_accepts_the_id_of_the_customer_who_has_the_address(db: Database, now: datetime) -> None:
    known = resolve(db, ada(), now)

    assert resolve(db, ada(id=known.customer_id), now) == known


@pytest.mark.parametrize("email", ["ada@example.com", "grace@example.com", "nobody@example.com"])
def test_refuses_an_id_that_is_not_of_this_address_and_registers_nobody(
    db: Database, now: datetime, email: str
) -> None:
    resolve(db, ada(), now)
    grace = resolve(db, ada(email="grace@example.com"), now)
    wrong = grace.customer_id if email != "grace@example.com" else "cus_unknown"

    with pytest.raises(Invalid) as refused:
        resolve(db, ada(id=wrong, email=email), now)

    assert refused.value.extra["errors"][0]["field"] == "customer.id"
    assert email not in refused.value.detail
    assert db.aggregate(Customer).count == 2


def test_keeps_new_addresses_newest_first_each_once_and_ten_at_most(db: Database, now: datetime) -> None:
    streets = [f"{number} High Street" for number in range(1, 13)]
    for street in [*streets, "12  HIGH street"]:
        found = resolve(db, ada(address={**LONDON, "street_address": street}), now)

    kept = [address.street_address for address in stored(db, found.customer_id).addresses]
    assert kept == [f"{number} High Street" for number in range(12, 2, -1)]


def test_learns_a_vat_id_and_keeps_it_when_none_is_given(db: Database, now: datetime) -> None:
    resolve(db, ada(), now)

    assert resolve(db, ada(vat_id="DE136695976"), now).vat_id == "DE136695976"
    assert resolve(db, ada(), now).vat_id == "DE136695976"


def test_tells_that_a_customer_is_blocked_and_of_which_tier(db: Database, now: datetime) -> None:
    db.transact(lambda tx: seed(tx, now))

    assert resolve(db, ada(email="blocked@example.com"), now).standing == "blocked"
    gold = resolve(db, ada(email="gold@example.com"), now)
    assert (gold.tier, gold.standing, gold.first_name) == ("gold", "good", "Gold")


def test_simultaneous_first_orders_of_one_address_make_one_customer(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    threads, rounds = 8, 5
    for number in range(rounds):
        together = Barrier(threads)

        def first_order(_: int, number: int = number, together: Barrier = together) -> str:
            waiting = [True]

            def work(tx: Transaction) -> ResolvedCustomer:
                found = resolve_customer(ada(email=f"new{number}@example.com", address=LONDON), tx, now)
                if waiting.pop() if waiting else False:
                    together.wait(10)  # nobody commits before all have seen the address free
                return found

            return db.transact(work).customer_id

        with ThreadPoolExecutor(threads) as pool:
            assert len(set(pool.map(first_order, range(threads)))) == 1

    assert db.aggregate(Customer).count == rounds
    assert db.aggregate(EmailClaim).count == rounds
    assert [event.type for event in emitted(db)] == ["customer.registered"] * rounds


def test_the_claims_key_fits_any_store_and_hides_the_address() -> None:
    key = claim_key("very/odd+address@example.com")

    assert len(key) == 64
    assert key.isalnum()


@pytest.mark.parametrize(
    "change",
    [
        {"email": "ada"},
        {"first_name": "  "},
        {"last_name": ""},
        {"id": "ada"},
        {"address": {"city": "London"}},
        {"x": 1},
    ],
    ids=str,
)
def test_rejects_what_is_no_customer(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ada(**change)


def test_an_address_is_known_whatever_its_capitals_and_spaces(db: Database, now: datetime) -> None:
    customer = stored(db, resolve(db, ada(address=LONDON), now).customer_id)

    assert customer.lives_at(Address(**{**LONDON, "zip_code": "sw1y  4jh"}))
    assert not customer.lives_at(Address(**{**LONDON, "zip_code": "SW1Y 4JA"}))
