"""POST /counts: what was counted at a location."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.stock.counting import CountStock, StockCount, count
from shared.storage import Transaction
from shared.values.identifiers import new_id


def count_stock(command: CountStock, tx: Transaction, now: datetime) -> StockCount:
    """Set the books right and publish the differences as one `inventory.adjusted`; Invalid names each wrong line."""
    return count(tx, LEDGER, new_id("cnt", now), command, now)
