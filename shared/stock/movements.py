"""Movements: every change of what is on the books, one document for each cause, SKU, location and state.

Stock is their sum, in pieces and in cents. Pieces that change state or place leave with one movement and come with
another; a transfer or a change of state sums to nothing.
"""

from datetime import datetime
from typing import Literal

from shared.events.inventory import StockState
from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.money import Money

SELLABLE: StockState = "sellable"
Kind = Literal["receipt", "shipment", "adjustment", "move", "return"]


class Movement(Document):
    """Pieces that came (`delta` above zero) or left, and by how much the stock's value changed, in minor units.

    The key is the cause (a receipt's or shipment's id), SKU, location and state unless that is `sellable`: the same
    cause moves the same pieces once.
    """

    collection = "movements"
    indexes = (Index("sku", "at", sums=("delta", "value_minor")),)

    key: str
    kind: Kind
    cause: str
    sku: str
    location: str
    state: StockState = "sellable"
    delta: int
    value_minor: int
    currency: str = VALUATION_CURRENCY
    at: Timestamp


def movement_key(cause: str, sku: str, location: str, state: StockState = "sellable") -> str:
    """Return the natural key of a movement."""
    return f"{cause}.{sku}.{location}" if state == "sellable" else f"{cause}.{sku}.{location}.{state}"


def record(
    tx: Transaction,
    kind: Kind,
    cause: str,
    where: tuple[str, str, StockState],
    delta: int,
    value: Money,
    now: datetime,
) -> None:
    """Write a movement of pieces `where` (SKU, location, state), once; `value` has the sign of `delta`."""
    sku, location, state = where
    tx.create(
        Movement(
            key=movement_key(cause, sku, location, state),
            kind=kind,
            cause=cause,
            sku=sku,
            location=location,
            state=state,
            delta=delta,
            value_minor=value.minor,
            currency=value.currency,
            at=now,
        )
    )
