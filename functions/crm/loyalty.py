"""Loyalty: tiers by twelve months' spend, and points: what earns them, what they are worth, when they end."""

from datetime import datetime
from typing import Literal

from shared.values.money import Money

BASE_CURRENCY = "USD"
"""What spend is counted in."""
MINOR_PER_POINT = 100
"""One point for each whole dollar spent."""
POINT_VALUE = Money(BASE_CURRENCY, 1)
"""What a point is worth."""
POINTS_LIVE_YEARS = 2
SPEND_COUNTS_YEARS = 1

Tier = Literal["bronze", "silver", "gold", "platinum"]

THRESHOLDS: tuple[tuple[Tier, Money], ...] = (
    ("platinum", Money("USD", 5000_00)),
    ("gold", Money("USD", 2000_00)),
    ("silver", Money("USD", 500_00)),
)
"""The least spend within twelve months that earns a tier: the shop's loyalty programme. Everyone else is bronze."""


def tier_of(spend: Money) -> Tier:
    """Return the tier that a spend (USD) earns: 499.99 is bronze, 500.00 silver."""
    for tier, least in THRESHOLDS:
        if least <= spend:
            return tier
    return "bronze"


def years_from(moment: datetime, years: int) -> datetime:
    """Return the same day and time so many years later (earlier if below zero); 29 February becomes 28 February."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)
