"""On `shipment.returned`: pieces came back from a customer."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.events.shipment import ShipmentReturned
from shared.stock.returning import take_back
from shared.storage import Transaction


def return_pieces(event: ShipmentReturned, tx: Transaction, now: datetime) -> None:
    """Put the pieces on hand, for sale or in quarantine, at the cost with which they left; `furniture.returned`."""
    take_back(tx, LEDGER, event, now)
