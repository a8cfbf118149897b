"""Delivery slots: which are offered, and that none is booked beyond its capacity."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest

from functions.furniture.delivery_calendar import business_days, day_capacity, window_capacity, windows
from functions.furniture.list_slots import list_slots
from functions.furniture.slots import book, give_back, region
from shared.errors import Invalid, SlotTaken
from shared.stock.destinations import Destination
from shared.storage import Database
from tests.functions.furniture.examples import FIRST, bookings, full_window
from tests.shared.stock.examples import CALIFORNIA

SECOND, THIRD = "us-9.2026-11-23.12-16", "us-9.2026-11-23.16-20"  # Friday the 20th + 2 is a Sunday
NEXT_DAY = "us-9.2026-11-24.08-12"


def booked(db: Database, order_id: str, now: datetime, slot_id: str | None = None, to: Destination = CALIFORNIA) -> str:
    return db.transact(lambda tx: book(tx, to, slot_id, order_id, now))


def test_slots_lie_on_business_days_from_two_to_fourteen_days_ahead():
    assert business_days("NL", date(2026, 11, 20)) == (
        "2026-11-23",
        "2026-11-24",
        "2026-11-25",
        "2026-11-26",
        "2026-11-27",
        "2026-11-30",
        "2026-12-01",
        "2026-12-02",
        "2026-12-03",
        "2026-12-04",
    )
    assert "2026-11-26" not in business_days("US", date(2026, 11, 20))  # Thanksgiving
    assert windows() == ("08-12", "12-16", "16-20")


@pytest.mark.parametrize(
    ("country", "zip_code", "expected"),
    [("US", "94043", "us-9"), ("NL", "5911 AA", "nl-5"), ("GB", " SW1A 1AA", "gb-s"), ("US", "#1", "us-1")],
)
def test_a_region_is_the_country_and_the_first_character_of_the_zip_code(country, zip_code, expected):
    assert region(country, zip_code) == expected


def test_a_zip_code_without_letter_or_digit_is_refused():
    with pytest.raises(Invalid) as refused:
        region("US", "--")
    assert refused.value.extra["errors"][0]["field"] == "zip_code"


def test_lists_free_slots_with_what_still_fits(db: Database, now: datetime):
    booked(db, "ord_1", now)
    listed = list_slots("94043", "US", db, now)
    assert len(listed.items) == 9 * 3
    assert listed.items[0].model_dump() == {"slot_id": FIRST, "date": "2026-11-23", "window": "08-12", "free": 19}
    assert listed.items[1].model_dump() == {"slot_id": SECOND, "date": "2026-11-23", "window": "12-16", "free": 20}
    assert list_slots("10001", "US", db, now).items[0].free == 20
    with pytest.raises(Invalid) as refused:
        list_slots("100-0001", "JP", db, now)
    assert refused.value.extra["errors"][0]["field"] == "country"


def test_a_full_slot_is_not_listed_and_the_next_is_offered(db: Database, now: datetime):
    for number in range(20):
        assert booked(db, f"ord_{number}", now) == FIRST
    assert booked(db, "ord_20", now) == SECOND
    assert list_slots("94043", "US", db, now).items[0].slot_id == SECOND
    with pytest.raises(SlotTaken) as refused:
        booked(db, "ord_21", now, FIRST)
    assert refused.value.extra == {"next_slot_id": SECOND}
    assert len(bookings(db)) == 20


def test_booking_twice_is_once_and_giving_back_frees(db: Database, now: datetime):
    for _ in range(2):
        assert booked(db, "ord_1", now, FIRST) == FIRST
    assert bookings(db) == {"ord_1"}
    for _ in range(2):
        db.transact(lambda tx: give_back(tx, FIRST, "ord_1"))
    assert bookings(db) == set()


def test_capacity_holds_however_many_race_for_a_slot(db: Database, now: datetime):
    def attempt(number: int) -> bool:
        try:
            booked(db, f"ord_{number}", now, FIRST)
        except SlotTaken:
            return False
        return True

    with ThreadPoolExecutor(16) as racers:
        won = list(racers.map(attempt, range(32)))
    assert won.count(True) == window_capacity("us-9") == 20
    assert len(bookings(db)) == 20


def test_a_day_is_full_before_its_windows_are(db: Database, now: datetime):
    assert (window_capacity("us-9"), day_capacity("us-9"), day_capacity("nl-5")) == (20, 54, 50)
    full_window(db, now, FIRST, SECOND)
    assert list_slots("94043", "US", db, now).items[0].model_dump() == {
        "slot_id": THIRD,
        "date": "2026-11-23",
        "window": "16-20",
        "free": 14,
    }
    for number in range(14):
        assert booked(db, f"ord_{number}", now) == THIRD
    with pytest.raises(SlotTaken) as refused:
        booked(db, "ord_14", now, THIRD)
    assert refused.value.extra == {"next_slot_id": NEXT_DAY}
    db.transact(lambda tx: give_back(tx, FIRST, "ord_08-12-3"))
    assert booked(db, "ord_14", now, THIRD) == THIRD
    assert len(bookings(db, THIRD)) == 15


def test_a_days_capacity_holds_however_many_race_for_its_windows(db: Database, now: datetime):
    def attempt(number: int) -> bool:
        try:
            booked(db, f"ord_{number}", now, (FIRST, SECOND, THIRD)[number % 3])
        except SlotTaken:
            return False
        return True

    with ThreadPoolExecutor(8) as racers:
        won = list(racers.map(attempt, range(60)))
    assert won.count(True) == sum(len(bookings(db, slot)) for slot in (FIRST, SECOND, THIRD)) == 54


def test_a_slot_whose_day_came_too_near_is_taken(db: Database, now: datetime):
    with pytest.raises(SlotTaken) as refused:
        booked(db, "ord_1", now + timedelta(days=3), FIRST)
    assert refused.value.extra == {"next_slot_id": "us-9.2026-11-25.08-12"}


@pytest.mark.parametrize(
    "slot_id",
    [
        "us-1.2026-11-23.08-12",  # another region
        "us-9.2026-11-22.08-12x",
        "us-9.2026-11-23.08-20",
        "us-9.2026-11-28.08-12",  # a Saturday
        "us-9.2026-12-24.08-12",  # too far ahead
        "us-9..08-12",
        "monday",
    ],
)
def test_what_is_no_slot_of_the_destination_is_refused(db: Database, now: datetime, slot_id: str):
    with pytest.raises(Invalid) as refused:
        booked(db, "ord_1", now, slot_id)
    assert refused.value.extra["errors"] == [
        {"field": "slot_id", "message": f"expected a slot of this destination, such as {FIRST}"}
    ]


def test_with_every_slot_full_none_is_named(db: Database, now: datetime):
    days = business_days("US", now.date())
    full_window(db, now, *[f"us-9.{day}.{window}" for day in days for window in windows()])
    with pytest.raises(SlotTaken) as refused:
        booked(db, "ord_new", now)
    assert refused.value.extra == {"next_slot_id": None}
    assert list_slots("94043", "US", db, now).items == []
