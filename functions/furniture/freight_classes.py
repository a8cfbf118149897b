"""Freight classes: what a bill of lading in North America says of a piece, by its density; table beside it."""

import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.stock.skus import StockKeepingUnit

GRAMS_PER_POUND = Fraction("453.59237")
MM3_PER_CUBIC_FOOT = Fraction("28316846.592")
"""Both exact by definition: the international pound and foot (304.8 mm) of 1959."""


@lru_cache
def table() -> dict[str, Any]:
    """Return the density scale with its source and date."""
    read: dict[str, Any] = json.loads((Path(__file__).parent / "freight_classes.json").read_text(encoding="utf-8"))
    return read


def density(unit: StockKeepingUnit) -> Fraction:
    """Return pounds per cubic foot of a packed piece, exactly."""
    length, width, height = unit.dimensions_mm
    return (unit.weight_g / GRAMS_PER_POUND) / (length * width * height / MM3_PER_CUBIC_FOOT)


def freight_class(unit: StockKeepingUnit) -> str:
    """Return the class of a packed piece: that of the last tier whose lower bound its density reaches."""
    reached = [tier for tier in table()["tiers"] if Fraction(tier["pounds_per_cubic_foot_from"]) <= density(unit)]
    return str(reached[-1]["class"])


def shown(pounds_per_cubic_foot: Fraction) -> str:
    """Write a density with two decimals, rounded half up."""
    exact = Decimal(pounds_per_cubic_foot.numerator) / Decimal(pounds_per_cubic_foot.denominator)
    return str(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def source() -> str:
    """Name the table and since when it is in force."""
    return f"NMFC density scale, Docket 2025-1, in force since {table()['effective']}"
