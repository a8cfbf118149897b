"""POST /shipments/{shipment_id}/deliver: the shipment arrived, and control of the goods passed to the customer."""

from datetime import datetime

from functions.warehouse.shipment import Shipment, ShipmentAnswer, deliver, shown
from shared.errors import IllegalTransition, NotFound
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.identifiers import ShipmentId


class DeliverShipment(Command):
    """Nothing more to say."""


def deliver_shipment(
    shipment_id: ShipmentId, command: DeliverShipment, tx: Transaction, now: datetime
) -> ShipmentAnswer:
    """Deliver a dispatched shipment; a delivered one is answered again. IllegalTransition if it never left."""
    shipment = tx.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    if shipment.status not in ("dispatched", "delivered"):
        raise IllegalTransition(f"shipment {shipment_id} is {shipment.status}, not dispatched")
    if shipment.status == "dispatched":
        deliver(tx, shipment, now)
    return shown(shipment)
