"""SKU and location data: what can be stocked, and where; read from the opening data."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from shared.seed import read
from shared.values.money import Money

Fulfilment = Literal["parcel", "freight"]

VALUATION_CURRENCY = "USD"
"""Stock is valued, and costs of sales are stated, in this currency."""


@dataclass(frozen=True)
class StockKeepingUnit:
    """One SKU; weight (g) and dimensions (mm) are of the packed piece, `unit_cost` is of the opening stock.

    `shards` says over how many documents its stock is split at first, so that buyers of a hot SKU don't all meet at
    one; operators change it. With fewer pieces available than `low_stock_threshold` it runs low.
    """

    sku: str
    unit_cost: Money
    weight_g: int
    dimensions_mm: tuple[int, int, int]
    shards: int = 1
    low_stock_threshold: int = 0


@lru_cache
def skus(fulfilment: Fulfilment) -> dict[str, StockKeepingUnit]:
    """Return every SKU that is sent this way, by SKU."""
    products = read("catalogue")["products"]
    return {row["sku"]: _unit(row) for row in products if row["fulfilment"] == fulfilment}


def _unit(row: dict[str, Any]) -> StockKeepingUnit:
    length, width, height = row["dimensions_mm"]
    keeping = read("stock_keeping")
    own = keeping["skus"].get(row["sku"], {})
    opening = sum(place["opening_stock"] for place in read("locations")["locations"])
    return StockKeepingUnit(
        sku=row["sku"],
        unit_cost=Money.of(Decimal(row["unit_cost"]["amount"]), row["unit_cost"]["currency"]),
        weight_g=row["weight_g"],
        dimensions_mm=(length, width, height),
        shards=own.get("shards", 1),
        low_stock_threshold=own.get("low_stock_threshold", opening * keeping["low_stock_share_percent"] // 100),
    )


@lru_cache
def locations() -> tuple[str, ...]:
    """Return the names of all locations, in the order of the data."""
    return tuple(row["location"] for row in read("locations")["locations"])
