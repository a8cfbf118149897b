"""Movements: every change of what is on hand, one document for each cause, SKU and location. Stock is their sum."""

from typing import Literal

from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Document, Index
from shared.values.clock import Timestamp


class Movement(Document):
    """Pieces that came (`delta` above zero) or left, and by how much the stock's value changed, in minor units.

    The key is the cause (a receipt's or shipment's id), SKU and location: the same cause moves the same pieces once.
    """

    collection = "movements"
    indexes = (Index("sku", "at"),)

    key: str
    kind: Literal["receipt", "shipment"]
    cause: str
    sku: str
    location: str
    delta: int
    value_minor: int
    currency: str = VALUATION_CURRENCY
    at: Timestamp


def movement_key(cause: str, sku: str, location: str) -> str:
    """Return the natural key of a movement."""
    return f"{cause}.{sku}.{location}"
