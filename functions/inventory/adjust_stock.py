"""POST /adjustments: what is on hand is set right."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.stock.adjusting import Adjustment, AdjustStock, adjust
from shared.storage import Transaction
from shared.values.identifiers import new_id


def adjust_stock(command: AdjustStock, tx: Transaction, now: datetime) -> Adjustment:
    """Add or take pieces with a reason and publish `inventory.adjusted`; Invalid says how many can go at most."""
    return adjust(tx, LEDGER, new_id("adj", now), command, now)
