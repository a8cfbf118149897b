"""Every minute: which SKUs have run low since the last look."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.stock.low_stock import watch
from shared.storage import Database


def watch_low_stock(db: Database, now: datetime) -> None:
    """Publish `inventory.low_stock` once per crossing of a SKU's threshold; armed again when stock rises above it."""
    watch(db, LEDGER, now)
