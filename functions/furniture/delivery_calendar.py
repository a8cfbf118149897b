"""The delivery calendar: business days (Monday to Friday, not closed), windows and capacities; data beside it."""

import json
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads((Path(__file__).parent / "delivery_calendar.json").read_text(encoding="utf-8"))
    return table


@lru_cache(maxsize=256)
def business_days(country: str, today: date) -> tuple[str, ...]:
    """Return the ISO dates on which freight may be brought to a country, from 2 to 14 days after today."""
    table = _table()
    closed = {*table["closed_days"]["*"], *table["closed_days"].get(country, ())}
    ahead = range(table["first_day_ahead"], table["last_day_ahead"] + 1)
    days = [today + timedelta(days=count) for count in ahead]
    return tuple(day.isoformat() for day in days if day.weekday() < 5 and day.isoformat() not in closed)


def windows() -> tuple[str, ...]:
    """Return the windows of a day, earliest first."""
    return tuple(_table()["windows"])


def window_capacity(region: str) -> int:
    """Return how many deliveries fit into one window of one region, such as `us-9`."""
    return _capacity("per_window", region)


def day_capacity(region: str) -> int:
    """Return how many deliveries fit into one day of one region."""
    return _capacity("per_day", region)


def _capacity(what: str, region: str) -> int:
    capacities: dict[str, int] = _table()["capacity"][what]
    country = region.partition("-")[0]
    return capacities.get(region, capacities.get(country, capacities["*"]))
