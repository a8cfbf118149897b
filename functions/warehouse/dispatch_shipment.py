"""POST /shipments/{shipment_id}/dispatch: picked and packed as planned, the shipment leaves."""

from datetime import datetime

from pydantic import Field

from functions.warehouse.shipment import OrderPlan, Shipment, ShipmentAnswer, shown
from functions.warehouse.tracking import carrier_for, tracking_number
from shared.errors import IllegalTransition, InProgress, NotFound
from shared.events.shipment import ShipmentDispatched
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.identifiers import ShipmentId


class DispatchShipment(Command):
    """Who carries it, if not the usual carrier; one that is booked is carried by whom it is booked with."""

    carrier: str | None = Field(default=None, max_length=50)


def dispatch_shipment(
    shipment_id: ShipmentId, command: DispatchShipment, tx: Transaction, now: datetime
) -> ShipmentAnswer:
    """Dispatch a planned shipment; one that left is answered again.

    IllegalTransition if it was stopped or waits for goods; InProgress while a short pick or a booking is settled.
    """
    shipment = tx.get(Shipment, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    carrier = carrier_for(shipment.fulfilment, command.carrier)
    plan = tx.get(OrderPlan, shipment.order_id)  # its version is verified: a stop now makes one of us run again
    if shipment.status == "stopped" or (shipment.status == "planned" and (plan is None or plan.stopped)):
        raise IllegalTransition(f"shipment {shipment_id} is {shipment.status}; its order was stopped")
    if shipment.status == "planned":
        _check_goods(shipment)
        shipment.status, shipment.dispatched_at = "dispatched", now
        if shipment.booking is None:
            shipment.carrier, shipment.tracking_number = carrier, tracking_number(carrier, shipment_id)
        tx.put(shipment)
        tx.emit(ShipmentDispatched.model_validate(shipment, from_attributes=True), now)
    return shown(shipment)


def _check_goods(shipment: Shipment) -> None:
    if shipment.asking:
        raise InProgress(f"it is being found out whether pieces of {shipment.shipment_id} lie elsewhere")
    if shipment.booking == "asking":
        raise InProgress(f"it is being found out whether a carrier took {shipment.shipment_id}")
    if shipment.awaiting:
        raise IllegalTransition(f"shipment {shipment.shipment_id} waits for {shipment.awaiting} pieces")
