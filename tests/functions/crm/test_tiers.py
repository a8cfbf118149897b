"""Tiers by twelve months' spend: reviewed once a day, for those the indexes name."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.crm import evaluate_tiers as schedule
from functions.crm.customer import Customer
from functions.crm.evaluate_tiers import evaluate_tiers
from functions.crm.find_customers import find_customers
from functions.crm.loyalty import years_from
from functions.crm.purchases import Purchase
from functions.crm.seed import seed
from functions.crm.tiers import TierChange, TierReview
from shared.events import Envelope
from shared.storage import Database
from shared.values.money import Money
from tests.functions.crm.people import delivered, hear, profile, refunded, register, stored

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
Emitted = Callable[[Database], list[Envelope]]


def changes(events: list[Envelope]) -> list[tuple[Any, ...]]:
    return [
        (each.subject, each.data["before"], each.data["after"], each.data["spend"]["amount"])
        for each in events
        if each.type == "customer.tier_changed"
    ]


@pytest.mark.parametrize(
    ("spend", "tier"),
    [("499.99", "bronze"), ("500.00", "silver"), ("2000.00", "gold"), ("5000.00", "platinum")],
)
def test_the_next_review_gives_the_tier_that_was_earned(
    db: Database, now: datetime, emitted: Emitted, spend: str, tier: str
) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, spend), now)
    assert stored(db, ada).tier == "bronze", "not before the review"

    evaluate_tiers(db, now + DAY)
    evaluate_tiers(db, now + DAY)
    evaluate_tiers(db, now + 2 * DAY)

    assert stored(db, ada).tier == tier
    assert changes(emitted(db)) == ([(ada, "bronze", tier, spend)] if tier != "bronze" else [])
    assert db.aggregate(TierChange).count == (tier != "bronze")


def test_several_orders_add_up_and_a_refund_takes_off(db: Database, now: datetime, emitted: Emitted) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "400.00"), now)
    hear(db, delivered(ada, "88.46", "shp_2", "ord_2", "EUR"), now)  # 100.00 dollars at 1.1305
    evaluate_tiers(db, now + DAY)
    hear(db, refunded(ada, "0.01"), now + 2 * DAY)
    evaluate_tiers(db, now + 3 * DAY)

    assert changes(emitted(db)) == [(ada, "bronze", "silver", "500.00"), (ada, "silver", "bronze", "499.99")]


def test_spend_counts_for_twelve_months_to_the_instant(db: Database, now: datetime, emitted: Emitted) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "600.00"), now)
    year = years_from(now, 1)
    for day in range(1, 365):
        evaluate_tiers(db, now + day * DAY)
    assert stored(db, ada).tier == "silver"

    evaluate_tiers(db, year - INSTANT)
    assert profile(db, ada, year - INSTANT).loyalty.spend == Money("USD", 600_00)
    assert stored(db, ada).tier == "silver"

    evaluate_tiers(db, year + DAY)
    assert profile(db, ada, year).loyalty.spend == Money("USD", 0)
    assert changes(emitted(db)) == [(ada, "bronze", "silver", "600.00"), (ada, "silver", "bronze", "0.00")]


def test_a_refund_leaves_the_twelve_months_with_what_it_gave_back(db: Database, now: datetime) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "900.00"), now)
    hear(db, refunded(ada, "900.00"), now + 300 * DAY)
    hear(db, delivered(ada, "550.00", "shp_2", "ord_2"), now + 301 * DAY)

    for later in (302, 400, 600):
        assert profile(db, ada, now + later * DAY).loyalty.spend == Money("USD", 550_00)


def test_opening_spend_keeps_its_tier_for_twelve_months_and_no_longer(
    db: Database, now: datetime, emitted: Emitted
) -> None:
    db.transact(lambda tx: seed(tx, now))

    def tiers() -> list[str]:
        names = ("bronze", "silver", "gold", "platinum")
        return [find_customers(f"{name}@example.com", db, now).items[0].loyalty.tier for name in names]

    for later in (0, 1, 2, 100, 364):
        evaluate_tiers(db, now + later * DAY)
    assert tiers() == ["bronze", "silver", "gold", "platinum"]
    assert changes(emitted(db)) == []

    evaluate_tiers(db, now + 366 * DAY)
    assert tiers() == ["bronze"] * 4
    assert [change[1:] for change in sorted(changes(emitted(db)), key=lambda each: each[1])] == [
        ("gold", "bronze", "0.00"),
        ("platinum", "bronze", "0.00"),
        ("silver", "bronze", "0.00"),
    ]


def test_opening_spend_and_new_spend_add_up(db: Database, now: datetime) -> None:
    db.transact(lambda tx: seed(tx, now))
    silver = find_customers("silver@example.com", db, now).items[0].customer_id

    hear(db, delivered(silver, "1250.00"), now + 5 * DAY)
    evaluate_tiers(db, now + 6 * DAY)

    assert stored(db, silver).tier == "gold"


def test_a_review_that_stops_half_way_goes_on_where_it_was(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schedule, "_PURCHASES_AT_ONCE", 2)
    monkeypatch.setattr(schedule, "_PURCHASES_PER_RUN", 2)
    people = [register(db, now, f"customer{number}") for number in range(5)]
    for number, each in enumerate(people):
        hear(db, delivered(each, "700.00", f"shp_{number}", f"ord_{number}"), now)

    def silver() -> int:
        return sum(stored(db, each).tier == "silver" for each in people)

    reached = []
    for minutes in (0, 5, 10, 15, 20):
        evaluate_tiers(db, now + DAY + timedelta(minutes=minutes))
        reached.append(silver())

    assert reached == [2, 4, 5, 5, 5]
    review = db.get(TierReview, "daily")
    assert review is not None
    assert (review.until, review.done_until) == (None, now + DAY)


def test_only_those_with_a_change_are_looked_at(db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, grace = register(db, now), register(db, now, "grace")
    hear(db, delivered(grace, "10.00", "shp_2", "ord_2"), now)
    evaluate_tiers(db, now + DAY)
    hear(db, delivered(ada, "10.00"), now + 2 * DAY)
    looked_at: list[str] = []
    monkeypatch.setattr(schedule, "review_tier", lambda _db, customer_id, _as_of, _now: looked_at.append(customer_id))

    evaluate_tiers(db, now + 3 * DAY)

    assert looked_at == [ada]


def test_a_delivery_of_an_id_nobody_knows_harms_no_review(db: Database, now: datetime, emitted: Emitted) -> None:
    hear(db, delivered("cus_unknown", "700.00"), now)

    evaluate_tiers(db, now + DAY)

    assert emitted(db) == []
    assert db.aggregate(Purchase).count == 1


def test_a_document_of_the_first_schema_books_its_spend_as_of_its_registration(db: Database, now: datetime) -> None:
    old = {
        "schema_version": 1, "customer_id": "cus_old", "email": "old@example.com", "first_name": "Old",
        "last_name": "Customer", "vat_id": None, "addresses": [], "standing": "good", "standing_reason": None,
        "tier": "silver", "points": 0, "spend_minor": 750_00, "currency": "USD", "since": now.isoformat(),
    }  # fmt: skip
    db.transact(lambda tx: tx.put(Customer.load(json.dumps(old))))

    hear(db, delivered("cus_old", "10.00"), now)
    evaluate_tiers(db, now + DAY)

    assert stored(db, "cus_old").tier == "silver"
    assert profile(db, "cus_old", now + DAY).loyalty.spend == Money("USD", 760_00)
    assert profile(db, "cus_old", now + 366 * DAY).loyalty.spend == Money("USD", 0)
