"""POST /orders/{order_id}/stop: nothing more of this order leaves; decided here against dispatching."""

from datetime import datetime

from pydantic import Field

from functions.warehouse.shipment import OrderPlan, Shipment
from shared.events.shipment import ShipmentStopped
from shared.http.models import Answer, Command
from shared.storage import Transaction
from shared.values.identifiers import OrderId, ShipmentId


class StopOrder(Command):
    """Who stops it and why."""

    by: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)


class StoppedOrder(Answer):
    """Which shipments will not leave, and which had left already."""

    order_id: OrderId
    stopped: list[ShipmentId]
    already_left: list[ShipmentId]


def stop_order(order_id: OrderId, command: StopOrder, tx: Transaction, now: datetime) -> StoppedOrder:
    """Stop what is planned; an unknown order leaves a tombstone, so that nothing is planned later."""
    plan = tx.get(OrderPlan, order_id) or OrderPlan(order_id=order_id)
    shipments = [tx.get(Shipment, shipment_id) for shipment_id in plan.shipment_ids]
    if not plan.stopped:
        plan.stopped, plan.by, plan.reason = True, command.by, command.reason
        tx.put(plan)
    stopped: list[str] = []
    left: list[str] = []
    for shipment in filter(None, shipments):
        if shipment.status == "planned":
            _stop(tx, shipment, command.reason, now)
        (stopped if shipment.status == "stopped" else left).append(shipment.shipment_id)
    return StoppedOrder(order_id=order_id, stopped=stopped, already_left=left)


def _stop(tx: Transaction, shipment: Shipment, reason: str, now: datetime) -> None:
    shipment.status, shipment.stopped_at = "stopped", now
    tx.put(shipment)
    tx.emit(ShipmentStopped(order_id=shipment.order_id, shipment_id=shipment.shipment_id, reason=reason), now)
