"""POST /moves: pieces at a location change their state."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.stock.moving import MoveStock, StockMove, move
from shared.storage import Transaction
from shared.values.identifiers import new_id


def move_stock(command: MoveStock, tx: Transaction, now: datetime) -> StockMove:
    """Put free pieces for sale, in quarantine or among the damaged; publishes `furniture.moved`. Invalid by field."""
    return move(tx, LEDGER, new_id("mov", now), command, now)
