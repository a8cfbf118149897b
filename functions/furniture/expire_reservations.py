"""Every minute: goods whose order was not paid in time are for sale again."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.stock.holding import expire_due
from shared.storage import Database


def expire_reservations(db: Database, now: datetime) -> None:
    """Release pending reservations whose time is over, each in its own transaction."""
    expire_due(db, LEDGER, now)
