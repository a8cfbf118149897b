"""Loyalty tiers by twelve months' spend."""

from typing import Literal

from shared.values.money import Money

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
