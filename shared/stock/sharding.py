"""Shards: over how many documents a SKU's stock is split, so that buyers of a hot SKU don't all meet at one."""

from shared.stock.ledger import Ledger, R
from shared.stock.stock import Stock, empty, stock_key
from shared.storage import Transaction


def shard(tx: Transaction, sku: str, number: int) -> Stock:
    """Return a shard, an empty one if nothing was put into it yet."""
    return tx.get(Stock, stock_key(sku, number)) or empty(sku, number)


def all_shards(tx: Transaction, ledger: Ledger[R], sku: str) -> list[Stock]:
    """Return every shard of a SKU that may hold something."""
    return [shard(tx, sku, number) for number in range(ledger.skus[sku].shards)]
