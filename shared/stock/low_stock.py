"""Low stock, found by a projection: what is available is looked at from outside, never where orders reserve.

    enough --(fewer available than the threshold: told)--> low --(more available than the threshold)--> enough

One document for each SKU that ever ran low keeps the side on which it is, so that a crossing is told once.
"""

from datetime import datetime
from functools import partial

from shared.http.models import Answer, Items
from shared.stock.ledger import Ledger, R
from shared.stock.levels import shards
from shared.storage import Database, Document, Transaction
from shared.values.clock import Timestamp


class LowStock(Document):
    """On which side of its threshold a SKU is, and since when."""

    collection = "low_stock"
    key_field = "sku"

    sku: str
    low: bool
    since: Timestamp
    available: int


class LowStockAnswer(Answer):
    """A SKU that runs low: how many pieces were available when it crossed its threshold, and when that was."""

    sku: str
    available: int
    threshold: int
    since: Timestamp


class LowStocks(Items):
    """All of them, by SKU."""

    items: list[LowStockAnswer]


def running_low(db: Database, ledger: Ledger[R]) -> LowStocks:
    """Return the SKUs that are on the low side, as the last look found them."""
    known = db.get_many(LowStock, list(ledger.skus))
    return LowStocks(
        items=[
            LowStockAnswer(
                sku=state.sku,
                available=state.available,
                threshold=ledger.skus[state.sku].low_stock_threshold,
                since=state.since,
            )
            for state in known
            if state is not None and state.low
        ]
    )


def watch(db: Database, ledger: Ledger[R], now: datetime) -> None:
    """Tell of every SKU that has crossed its threshold downwards since the last look, once each."""
    known = dict(zip(ledger.skus, db.get_many(LowStock, list(ledger.skus)), strict=True))
    for sku, state in known.items():
        stocks = shards(db, ledger, sku)
        available = sum(stock.on_hand - stock.reserved for stock in stocks)
        if is_low(ledger, sku, available, state) != (state is not None and state.low):
            db.transact(partial(_cross, ledger=ledger, sku=sku, available=available, now=now))


def is_low(ledger: Ledger[R], sku: str, available: int, state: LowStock | None) -> bool:
    """Say on which side so many pieces are; exactly at the threshold a SKU stays where it was."""
    threshold = ledger.skus[sku].low_stock_threshold
    if available == threshold:
        return state is not None and state.low
    return available < threshold


def _cross(tx: Transaction, ledger: Ledger[R], sku: str, available: int, now: datetime) -> None:
    state = tx.get(LowStock, sku)
    low = is_low(ledger, sku, available, state)
    if low == (state is not None and state.low):
        return
    tx.put(LowStock(sku=sku, low=low, since=now, available=available))
    if low:
        tx.emit(ledger.low(sku=sku, available=available, threshold=ledger.skus[sku].low_stock_threshold), now)
