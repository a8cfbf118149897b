"""POST /reservations/{order_id}/release: checkout gives up what it held."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.stock.commands import ReleaseReservation
from shared.stock.holding import release_for_caller
from shared.stock.reservations import ReleaseAnswer
from shared.storage import Transaction
from shared.values.identifiers import OrderId


def release_reservation(
    order_id: OrderId, command: ReleaseReservation, tx: Transaction, now: datetime
) -> ReleaseAnswer:
    """Offer held pieces for sale again; an unknown order leaves a tombstone. IllegalTransition once all has left."""
    return release_for_caller(tx, LEDGER, order_id, command.reason, now)
