"""POST /shipments/{shipment_id}/pack: packed as planned; every parcel or pallet gets its number."""

from datetime import datetime

from pydantic import Field

from functions.warehouse.shipment import Shipment, ShipmentAnswer, shown
from functions.warehouse.units import number_units
from shared.errors import IllegalTransition, InProgress, NotFound
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.identifiers import ShipmentId


class PackShipment(Command):
    """Who packed it."""

    by: str = Field(min_length=1, max_length=100)


def pack_shipment(shipment_id: ShipmentId, command: PackShipment, tx: Transaction, now: datetime) -> ShipmentAnswer:
    """Give each unit of a planned shipment its number, once.

    IllegalTransition if it waits for goods, left or was stopped; InProgress while a short pick is being
    settled. A shipment that shrinks afterwards is to be packed anew.
    """
    shipment = tx.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    if shipment.sscc:
        return shown(shipment)
    if shipment.asking:
        raise InProgress(f"it is being found out whether pieces of {shipment_id} lie elsewhere")
    if shipment.status != "planned" or shipment.awaiting:
        raise IllegalTransition(f"shipment {shipment_id} is {shipment.status}: there is nothing to pack")
    shipment.sscc = number_units(tx, shipment.location, len(shipment.parcels))
    shipment.packed_by, shipment.packed_at = command.by, now
    tx.put(shipment)
    return shown(shipment)
