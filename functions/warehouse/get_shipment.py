"""GET /shipments/{shipment_id}: a shipment."""

from functions.warehouse.shipment import Shipment, ShipmentAnswer, shown
from shared.errors import NotFound
from shared.storage import Database
from shared.values.identifiers import ShipmentId


def get_shipment(shipment_id: ShipmentId, db: Database) -> ShipmentAnswer:
    """Show a shipment; NotFound if there is none."""
    shipment = db.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    return shown(shipment)
