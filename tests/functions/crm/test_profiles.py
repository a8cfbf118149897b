"""What others are told about customers: profile, billing, control totals; and the opening customers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from functions.crm.customer import Customer
from functions.crm.find_customers import find_customers
from functions.crm.get_billing_profile import get_billing_profile
from functions.crm.get_contact import get_contact
from functions.crm.get_customer import get_customer
from functions.crm.list_addresses import list_addresses
from functions.crm.list_consents import list_consents
from functions.crm.list_points import list_points
from functions.crm.list_standing_changes import list_standing_changes
from functions.crm.loyalty import tier_of
from functions.crm.report_control_totals import report_control_totals
from functions.crm.resolve_customer import ResolveCustomer, resolve_customer
from functions.crm.seed import seed
from shared.errors import NotFound
from shared.events import Envelope
from shared.storage import Database
from shared.values.money import Money
from shared.values.personal import Personal

LONDON = {
    "street_address": "12 St James's Square",
    "city": "London",
    "state": None,
    "country": "GB",
    "zip_code": "SW1Y 4JH",
}


@pytest.fixture
def seeded(db: Database, now: datetime) -> Database:
    db.transact(lambda tx: seed(tx, now))
    return db


def register_ada(db: Database, at: datetime, **more: Any) -> str:
    command = ResolveCustomer.model_validate(
        {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", **more}
    )
    return db.transact(lambda tx: resolve_customer(command, tx, at)).customer_id


def test_shows_a_customers_profile(db: Database, now: datetime) -> None:
    customer_id = register_ada(db, now, vat_id="GB123456789", address=LONDON)

    assert get_customer(customer_id, db, now).model_dump(mode="json") == {
        "customer_id": customer_id,
        "email": "ada@example.com",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "vat_id": "GB123456789",
        "addresses": [LONDON],
        "loyalty": {"tier": "bronze", "points": 0, "spend": {"currency": "USD", "amount": "0.00"}},
        "standing": "good",
        "standing_reason": None,
        "since": "2026-11-20T08:00:00.000000Z",
    }


def test_finds_one_customer_by_address_or_none_and_registers_nobody(db: Database, now: datetime) -> None:
    customer_id = register_ada(db, now)

    assert [each.customer_id for each in find_customers("ada@example.com", db, now).items] == [customer_id]
    assert find_customers("grace@example.com", db, now).items == []
    assert db.aggregate(Customer).count == 1


def test_bills_to_the_newest_address_on_prepaid_terms(db: Database, now: datetime) -> None:
    customer_id = register_ada(db, now, address={**LONDON, "street_address": "1 Old Road"})
    register_ada(db, now, address=LONDON, vat_id="GB123456789")

    assert get_billing_profile(customer_id, db).model_dump(mode="json") == {
        "customer_id": customer_id,
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "vat_id": "GB123456789",
        "terms": "prepaid",
        "billing_address": LONDON,
    }


def test_bills_without_an_address_when_none_is_known(db: Database, now: datetime) -> None:
    assert get_billing_profile(register_ada(db, now), db).billing_address is None


def test_nobody_is_there_under_an_unknown_id(db: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        get_customer("cus_unknown", db, now)
    for ask in (get_billing_profile, list_addresses, get_contact, list_points, list_consents, list_standing_changes):
        with pytest.raises(NotFound):
            ask("cus_unknown", db)


@pytest.mark.parametrize(
    ("cents", "tier"),
    [(0, "bronze"), (499_99, "bronze"), (500_00, "silver"), (1_999_99, "silver"), (2_000_00, "gold"),
     (4_999_99, "gold"), (5_000_00, "platinum"), (-1, "bronze")],
)  # fmt: skip
def test_twelve_months_spend_earns_the_tier(cents: int, tier: str) -> None:
    assert tier_of(Money("USD", cents)) == tier


def test_opening_customers_have_the_tier_that_their_spend_earns(seeded: Database, now: datetime) -> None:
    (platinum,) = find_customers("platinum@example.com", seeded, now).items

    assert platinum.loyalty.model_dump(mode="json") == {
        "tier": "platinum",
        "points": 0,
        "spend": {"currency": "USD", "amount": "6200.00"},
    }
    tiers = {
        name: find_customers(f"{name}@example.com", seeded, now).items[0].loyalty.tier
        for name in ("bronze", "silver", "gold")
    }
    assert tiers == {"bronze": "bronze", "silver": "silver", "gold": "gold"}


def test_the_blocked_opening_customer_is_blocked_for_a_reason(seeded: Database, now: datetime) -> None:
    (blocked,) = find_customers("blocked@example.com", seeded, now).items

    assert blocked.standing == "blocked"
    assert blocked.standing_reason == "opening data: an unpaid chargeback"


def test_opening_customers_are_registered_like_all_others(
    seeded: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    events = emitted(seeded)

    assert [event.data["tier"] for event in events] == ["bronze", "silver", "gold", "platinum", "bronze"]
    assert {event.type for event in events} == {"customer.registered"}
    assert {event.time for event in events} == {now}


def test_counts_customers_until_a_moment_inclusive(seeded: Database, now: datetime) -> None:
    later = now + timedelta(hours=1)
    register_ada(seeded, later)

    def counted(until: datetime | None) -> int:
        return report_control_totals(seeded, later, until).totals["customers.count"]

    assert counted(None) == 6
    assert counted(later) == 6
    assert counted(later - timedelta(microseconds=1)) == 5
    assert counted(datetime(2020, 1, 1, tzinfo=UTC)) == 0


def test_personal_fields_are_marked_by_type() -> None:
    marked = {name for name, field in Customer.model_fields.items() if _is_personal(field)}

    assert marked == {"email", "first_name", "last_name", "vat_id"}


def _is_personal(field: Any) -> bool:
    return any(isinstance(each, Personal) for each in field.metadata) or "Personal" in str(field.annotation)
