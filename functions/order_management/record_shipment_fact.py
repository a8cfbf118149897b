"""shipment.planned, .dispatched, .scanned, .delivered, .stopped, .shorted: what warehouse says of an order's goods."""

from datetime import datetime

from functions.order_management.cancellation import reduce
from functions.order_management.facts import TOLD_SCANS, ShipmentFact, heard
from functions.order_management.order import Order
from functions.order_management.recording import hear, load
from shared.events import Envelope
from shared.events.order import OrderReduced, ReducedLine
from shared.events.shipment import ShipmentScanned, ShipmentShorted
from shared.storage import Transaction


def record_shipment_fact(event: ShipmentFact, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Keep where a shipment is; before its order is known too. Undeliverable if it was stopped and left.

    Pieces that were not found and are dropped are taken out of the order: publishes order.reduced.
    """
    if isinstance(event, ShipmentScanned) and event.status not in TOLD_SCANS:
        return
    order = load(tx, event.order_id)
    new = hear(tx, order, heard(event, envelope), now)
    if new and isinstance(event, ShipmentShorted) and event.resolution == "dropped":
        _drop(tx, order, event, now)


def _drop(tx: Transaction, order: Order, event: ShipmentShorted, now: datetime) -> None:
    """Take out what was not found; of an order that is cancelled nothing is left to take out."""
    if order.has("order.cancelled"):
        return
    where = {"shipment_id": event.shipment_id, "location": event.location, "fulfilment": event.fulfilment}
    reduced = OrderReduced(
        order_id=event.order_id,
        reduction_id=event.short_id,
        by="warehouse",
        reason="short_pick",
        lines=tuple(ReducedLine.model_validate({**dict(line), **where}) for line in event.lines),
        shipping_net=event.shipping_net,
        shipping_tax=event.shipping_tax,
        total=event.total,
    )
    reduce(tx, order, reduced, now)
