"""On `shipment.dispatched`: the goods of a shipment left."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.events.shipment import ShipmentDispatched
from shared.stock.shipping import ship
from shared.storage import Transaction


def commit_reservation(event: ShipmentDispatched, tx: Transaction, now: datetime) -> None:
    """Take the pieces out of stock at their cost and publish `furniture.committed`; Undeliverable if not held."""
    ship(tx, LEDGER, event, now)
