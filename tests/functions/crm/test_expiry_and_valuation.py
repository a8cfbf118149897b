"""Points end after 24 months, oldest first; once a day the books hear what the rest is worth."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from functions.crm.expire_points import expire_points
from functions.crm.loyalty import years_from
from functions.crm.value_loyalty import value_loyalty
from shared.events import Envelope
from shared.storage import Database
from tests.functions.crm.people import delivered, hear, ledger, profile, refunded, register

DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("moment", "years", "then"),
    [
        (datetime(2026, 11, 20, 8, tzinfo=UTC), 2, datetime(2028, 11, 20, 8, tzinfo=UTC)),
        (datetime(2028, 2, 29, 8, tzinfo=UTC), 2, datetime(2030, 2, 28, 8, tzinfo=UTC)),
        (datetime(2028, 2, 29, 8, tzinfo=UTC), -1, datetime(2027, 2, 28, 8, tzinfo=UTC)),
    ],
)
def test_years_are_of_the_calendar(moment: datetime, years: int, then: datetime) -> None:
    assert years_from(moment, years) == then


def test_points_end_24_months_after_the_delivery_to_the_instant(db: Database, now: datetime) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "120.00"), now)
    end = years_from(now, 2)

    expire_points(db, end - INSTANT)
    assert profile(db, ada, end).loyalty.points == 120

    expire_points(db, end)
    expire_points(db, end)
    assert ledger(db, ada) == [("expired-shp_1", "expired", -120, "0.00"), ("shp_1", "earned", 120, "120.00")]
    assert profile(db, ada, end).loyalty.points == 0


def test_refunds_took_the_oldest_points_of_the_order_so_only_the_rest_of_them_ends(db: Database, now: datetime) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "100.00"), now)
    hear(db, delivered(ada, "50.00", "shp_2"), now + 30 * DAY)
    hear(db, refunded(ada, "70.00"), now + 40 * DAY)

    expire_points(db, years_from(now, 2))
    assert profile(db, ada, now).loyalty.points == 50

    expire_points(db, years_from(now + 30 * DAY, 2))
    assert [line[:3] for line in ledger(db, ada)] == [
        ("expired-shp_2", "expired", -50),
        ("expired-shp_1", "expired", -30),
        ("ret_1", "reversed", -70),
        ("shp_2", "earned", 50),
        ("shp_1", "earned", 100),
    ]


def test_a_refund_of_points_that_ended_takes_none(db: Database, now: datetime) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "100.00"), now)
    expire_points(db, years_from(now, 2))

    hear(db, refunded(ada, "100.00"), years_from(now, 2) + DAY)

    assert profile(db, ada, now).loyalty.points == 0
    assert [line[:3] for line in ledger(db, ada)] == [
        ("ret_1", "reversed", 0),
        ("expired-shp_1", "expired", -100),
        ("shp_1", "earned", 100),
    ]


def test_a_run_reaches_more_orders_than_it_reads_at_once(db: Database, now: datetime) -> None:
    ada = register(db, now)
    for number in range(120):
        hear(db, delivered(ada, "1.00", f"shp_{number}", f"ord_{number}"), now)

    expire_points(db, years_from(now, 2))

    assert profile(db, ada, now).loyalty.points == 0


def test_the_books_hear_once_a_day_and_only_of_a_change(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    ada, grace = register(db, now), register(db, now, "grace")

    def valued() -> list[tuple[object, ...]]:
        events = [each for each in emitted(db) if each.type == "customer.loyalty_valued"]
        return [(each.subject, each.data["points"], each.data["value"]["amount"]) for each in events]

    value_loyalty(db, now)
    assert valued() == [], "nobody has any"

    hear(db, delivered(ada, "116.77"), now)
    hear(db, delivered(grace, "40.00", "shp_2", "ord_2"), now)
    value_loyalty(db, now)
    hear(db, delivered(ada, "10.00", "shp_3", "ord_3"), now)
    value_loyalty(db, now + timedelta(hours=1))
    assert valued() == [("val_2026-11-20", 156, "1.56")]

    value_loyalty(db, now + DAY)
    value_loyalty(db, now + 2 * DAY)
    expire_points(db, years_from(now, 2))
    value_loyalty(db, years_from(now, 2))
    assert valued() == [("val_2026-11-20", 156, "1.56"), ("val_2026-11-21", 166, "1.66"), ("val_2028-11-20", 0, "0.00")]
