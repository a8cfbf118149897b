"""Opening stock of an empty furniture ledger."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.stock.receiving import receive_opening_stock
from shared.storage import Transaction


def seed(tx: Transaction, now: datetime) -> None:
    """Receive the opening stock of every piece of furniture at every location."""
    receive_opening_stock(tx, LEDGER, now)
