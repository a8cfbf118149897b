"""Tier discounts: a percent of the subtotal, rounded half up once, and given to the lines without losing a cent.

Each line's share is by largest remainder on the line amounts (ties to the first line), so every residual cent has an
owner and a line's discount is what a later return of that line gives back.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Literal

from functions.pricing.tables import DatedRow, Table, in_force, read_table
from shared.values.money import Money, total

Tier = Literal["bronze", "silver", "gold", "platinum"]


class TierDiscounts(DatedRow):
    """Percent off by tier."""

    percent: dict[Tier, Decimal]


class TierDiscountTable(Table):
    """The whole file."""

    rows: tuple[TierDiscounts, ...]


@cache
def _discounts() -> tuple[TierDiscounts, ...]:
    return read_table(TierDiscountTable, "tier_discounts").rows


def line_discounts(amounts: Sequence[Money], tier: Tier, at: datetime) -> list[Money]:
    """Return the discount of each line amount (all of one currency, at least one)."""
    percent = in_force(_discounts(), at).percent[tier]
    if not percent:
        return [Money(amount.currency, 0) for amount in amounts]
    whole = total(amounts, amounts[0].currency).times(percent.scaleb(-2))
    return whole.apportion([amount.minor for amount in amounts])
