"""Two records of one person become one: nothing is lost, and the merged id means the kept record ever after."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from functions.crm.add_address import AddAddress, add_address
from functions.crm.customer import Customer
from functions.crm.find_customers import find_customers
from functions.crm.get_billing_profile import get_billing_profile
from functions.crm.get_contact import get_contact
from functions.crm.list_addresses import list_addresses
from functions.crm.list_consents import list_consents
from functions.crm.list_points import list_points
from functions.crm.list_standing_changes import list_standing_changes
from functions.crm.merge_customers import MergeAnswer, MergeCustomers, merge_customers
from functions.crm.purchases import Purchase
from functions.crm.report_control_totals import report_control_totals
from functions.crm.resolve_customer import ResolveCustomer, resolve_customer
from functions.crm.set_billing_profile import SetBillingProfile, set_billing_profile
from functions.crm.set_preferences import SetPreferences, set_preferences
from functions.crm.set_standing import SetStanding, set_standing
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.events import Envelope
from shared.http.models import Caller
from shared.storage import Database
from shared.values.money import Money
from tests.functions.crm.people import LONDON, delivered, hear, ledger, profile, refunded, register, stored

DAY = timedelta(days=1)
Emitted = Callable[[Database], list[Envelope]]


def merge(db: Database, keep: str, other: str, at: datetime) -> MergeAnswer:
    return merge_customers(MergeCustomers(keep=keep, merge=other, by="carol", reason="one person"), db, at)


def resolve(db: Database, name: str, at: datetime, customer_id: str | None = None) -> str:
    asked = {"email": f"{name}@example.com", "first_name": "Ada", "last_name": "L", "id": customer_id}
    return db.transact(lambda tx: resolve_customer(ResolveCustomer.model_validate(asked), tx, at)).customer_id


def stand(db: Database, customer_id: str, standing: str, at: datetime) -> None:
    command = SetStanding.model_validate({"standing": standing, "by": "dave", "reason": f"is {standing}"})
    db.transact(lambda tx: set_standing(customer_id, command, tx, at))


def prefer(db: Database, customer_id: str, at: datetime, **changes: Any) -> None:
    asked = {"language": "de", "channels": ["email"], "marketing": True, **changes}
    command = SetPreferences.model_validate(asked)
    db.transact(lambda tx: set_preferences(customer_id, command, tx, Caller("operator"), at))


def test_both_addresses_name_the_kept_record_and_the_merged_id_resolves_to_it(
    db: Database, now: datetime, emitted: Emitted
) -> None:
    ada, countess = register(db, now), register(db, now, "countess")

    answer = merge(db, ada, countess, now + DAY)

    assert answer.model_dump(mode="json") == {
        "customer_id": ada,
        "merged_id": countess,
        "by": "carol",
        "reason": "one person",
        "merged_at": "2026-11-21T08:00:00.000000Z",
    }
    assert {resolve(db, name, now) for name in ("ada", "countess")} == {ada}
    assert resolve(db, "countess", now, customer_id=countess) == ada
    assert resolve(db, "ada", now, customer_id=ada) == ada
    assert (
        profile(db, countess, now) == profile(db, ada, now) == find_customers("countess@example.com", db, now).items[0]
    )
    assert get_contact(countess, db).customer_id == get_billing_profile(countess, db).customer_id == ada
    assert [each.data for each in emitted(db) if each.type == "customer.merged"] == [
        {"customer_id": ada, "merged_id": countess, "by": "carol"}
    ]


def test_merging_again_answers_the_same_and_changes_nothing(db: Database, now: datetime, emitted: Emitted) -> None:
    ada, countess = register(db, now), register(db, now, "countess")
    first = merge(db, ada, countess, now)
    events, record = emitted(db), stored(db, ada)

    assert merge(db, ada, countess, now + DAY) == first
    assert emitted(db) == events
    assert stored(db, ada) == record


def test_a_record_is_merged_once_and_never_with_itself(db: Database, now: datetime, emitted: Emitted) -> None:
    ada, countess, grace = (register(db, now, name) for name in ("ada", "countess", "grace"))
    merge(db, ada, countess, now)
    events = emitted(db)

    with pytest.raises(Invalid):
        merge(db, ada, ada, now)
    with pytest.raises(IllegalTransition):
        merge(db, grace, countess, now)
    with pytest.raises(IllegalTransition):
        merge(db, countess, ada, now)
    for keep, other in ((ada, "cus_unknown"), ("cus_unknown", grace)):
        with pytest.raises(NotFound):
            merge(db, keep, other, now)
    assert emitted(db) == events


def test_a_chain_of_merges_ends_at_the_last_record(db: Database, now: datetime) -> None:
    ada, countess, grace = (register(db, now, name) for name in ("ada", "countess", "grace"))
    hear(db, delivered(ada, "10.00"), now)

    merge(db, countess, ada, now)
    merge(db, grace, countess, now)
    hear(db, delivered(ada, "20.00", "shp_2", "ord_2"), now)

    assert {resolve(db, name, now) for name in ("ada", "countess", "grace")} == {grace}
    assert list_points(ada, db).balance == 30
    assert merge(db, grace, ada, now).customer_id == countess, "as it was answered then"


def test_spend_and_points_move_and_the_tier_is_reviewed_at_once(db: Database, now: datetime, emitted: Emitted) -> None:
    ada, countess = register(db, now), register(db, now, "countess")
    hear(db, delivered(ada, "300.00"), now)
    hear(db, delivered(countess, "250.50", "shp_2", "ord_2"), now + DAY)

    merge(db, ada, countess, now + 2 * DAY)

    assert ledger(db, ada) == [("shp_2", "earned", 250, "250.50"), ("shp_1", "earned", 300, "300.00")]
    assert profile(db, ada, now + 2 * DAY).loyalty.model_dump(mode="json") == {
        "tier": "silver",
        "points": 550,
        "spend": {"currency": "USD", "amount": "550.50"},
    }
    changes = [each for each in emitted(db) if each.type == "customer.tier_changed"]
    assert [(each.data["before"], each.data["after"]) for each in changes] == [("bronze", "silver")]


def test_delivered_refunded_and_merged_leave_the_same_in_every_order(
    open_crm: Callable[[], Database], now: datetime
) -> None:
    ends = []
    for order in permutations(range(4)):
        db = open_crm()
        ada, countess = register(db, now), register(db, now, "countess")
        steps: list[Callable[[], object]] = [
            lambda db=db, who=countess: hear(db, delivered(who, "600.00"), now),
            lambda db=db, who=countess: hear(db, delivered(who, "50.00", "shp_2"), now + DAY),
            lambda db=db, who=countess: hear(db, refunded(who, "20.00"), now + 2 * DAY),
            lambda db=db, one=ada, two=countess: merge(db, one, two, now + 3 * DAY),
        ]
        for number in (*order, *order):
            steps[number]()
        merge(db, ada, countess, now + 3 * DAY)
        loyalty = profile(db, countess, now + 4 * DAY).loyalty
        ends.append((ledger(db, ada), loyalty.points, loyalty.spend))
        assert db.aggregate(Purchase, customer_id=countess).count == 0

    assert ends == [ends[0]] * 24
    assert ends[0][1:] == (630, Money("USD", 630_00))


@pytest.mark.parametrize(
    ("kept", "other", "after"),
    [("good", "blocked", "blocked"), ("watch", "good", "watch"), ("watch", "blocked", "blocked"),
     ("blocked", "watch", "blocked"), ("good", "good", "good")],
)  # fmt: skip
def test_the_stricter_standing_counts(db: Database, now: datetime, kept: str, other: str, after: str) -> None:
    ada, countess = register(db, now), register(db, now, "countess")
    for customer_id, standing in ((ada, kept), (countess, other)):
        if standing != "good":
            stand(db, customer_id, standing, now)

    merge(db, ada, countess, now + DAY)

    assert profile(db, ada, now).standing == after
    history = [(each.before, each.after, each.by) for each in list_standing_changes(ada, db).items]
    assert ((kept, after, "carol") in history) == (after != kept)
    assert len(history) == (kept != "good") + (other != "good") + (after != kept)


def test_addresses_are_joined_to_ten_with_the_kept_records_first(db: Database, now: datetime) -> None:
    def street(number: int) -> dict[str, Any]:
        return {**LONDON, "street_address": f"{number} High Street"}

    for number in range(6):
        ada = register(db, now, address=street(number))
    for number in range(4, 12):
        countess = register(db, now, "countess", address=street(number))
    default = AddAddress.model_validate({"address": street(11), "default_billing": True})
    db.transact(lambda tx: add_address(countess, default, tx))

    merge(db, ada, countess, now)

    book = list_addresses(ada, db).items
    kept = [int(each.address.street_address.split()[0]) for each in book]
    assert kept == [5, 4, 3, 2, 1, 0, 11, 10, 9, 8]
    assert [each.default_billing for each in book].index(True) == kept.index(11)


def test_terms_that_were_agreed_with_either_count_and_the_kept_records_first(db: Database, now: datetime) -> None:
    ada, countess, grace = (register(db, now, name) for name in ("ada", "countess", "grace"))
    for customer_id, vat_id, terms in ((countess, "DE136695976", "net_14"), (grace, "NL004495445B01", "net_30")):
        command = SetBillingProfile.model_validate({"vat_id": vat_id, "terms": terms, "by": "dave"})
        db.transact(lambda tx, who=customer_id, command=command: set_billing_profile(who, command, tx))

    merge(db, ada, countess, now)
    merge(db, ada, grace, now)

    billed = get_billing_profile(ada, db)
    assert (billed.vat_id, billed.terms) == ("DE136695976", "net_14")


def test_marketing_needs_the_consent_of_both_records(db: Database, now: datetime) -> None:
    ada, countess, grace = (register(db, now, name) for name in ("ada", "countess", "grace"))
    prefer(db, countess, now)
    prefer(db, grace, now, marketing=False, language="en")

    merge(db, ada, countess, now + DAY)
    taken = get_contact(ada, db)
    merge(db, ada, grace, now + 2 * DAY)

    assert (taken.language, taken.marketing) == ("de", True), "the only one who ever said anything"
    assert (get_contact(ada, db).language, get_contact(ada, db).marketing) == ("de", False)
    newest = list_consents(ada, db).items[0]
    assert (newest.what, newest.said, newest.source) == ("marketing", "refused", f"merged from {grace}")
    assert len(list_consents(ada, db).items) == 3 + 3 + 1 + 3, "what each record said, and what merging made of it"


def test_number_and_devices_of_either_record_are_known(db: Database, now: datetime) -> None:
    ada, countess = register(db, now), register(db, now, "countess")
    prefer(db, ada, now, language="en", channels=["push"], device_tokens=["a", "b"])
    prefer(db, countess, now, channels=["sms"], phone="+4915112345678", device_tokens=["b", "c"])

    merge(db, ada, countess, now + DAY)

    reached = get_contact(countess, db)
    assert (reached.language, reached.channels, reached.marketing) == ("en", ("push",), True)
    assert (reached.phone, reached.device_tokens) == ("+4915112345678", ("a", "b", "c"))


def test_totals_count_changes_by_their_moment_and_a_merged_record_as_registered(db: Database, now: datetime) -> None:
    ada, countess = register(db, now), register(db, now, "countess")
    hear(db, delivered(countess, "700.00"), now)
    stand(db, countess, "watch", now)
    merge(db, ada, countess, now + DAY)

    def totals(at: datetime) -> dict[str, int]:
        return report_control_totals(db, at).totals

    assert totals(now) == {
        "customers.count": 2,
        "tier_changes.count": 0,
        "standing_changes.count": 1,
        "merged.count": 0,
    }
    assert totals(now + DAY) == {
        "customers.count": 2,
        "tier_changes.count": 1,
        "standing_changes.count": 2,
        "merged.count": 1,
    }
    assert db.aggregate(Customer).count == 2
