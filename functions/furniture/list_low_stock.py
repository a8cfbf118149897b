"""GET /low-stock: what runs low, and since when."""

from functions.furniture.ledger import LEDGER
from shared.stock.low_stock import LowStocks, running_low
from shared.storage import Database


def list_low_stock(db: Database) -> LowStocks:
    """Return every SKU that was below its threshold when it was looked at last, with what was left then."""
    return running_low(db, LEDGER)
