"""GET /stock/{sku}: what is on hand, held and available, by location."""

from functions.furniture.ledger import LEDGER
from shared.stock.levels import StockLevel, level
from shared.storage import Database
from shared.values.identifiers import Sku


def get_stock(sku: Sku, db: Database) -> StockLevel:
    """Return a SKU's stock; NotFound for a SKU that is not kept here."""
    return level(db, LEDGER, sku)
