"""shipment.planned, .dispatched, .scanned, .delivered, .stopped, .shorted: what warehouse says of an order's goods."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from functions.order_management.cancellation import reduce
from functions.order_management.order import Charged, ChargedLine, Fact, Order, Way
from functions.order_management.recording import hear, load
from shared.events import Envelope
from shared.events.order import OrderReduced, ReducedLine
from shared.events.shipment import (
    ShipmentDelivered,
    ShipmentDispatched,
    ShipmentLine,
    ShipmentPlanned,
    ShipmentScanned,
    ShipmentShorted,
    ShipmentStopped,
    ShortLine,
)
from shared.storage import Transaction
from shared.values.clock import rfc3339

ShipmentFact = (
    ShipmentPlanned | ShipmentDispatched | ShipmentScanned | ShipmentDelivered | ShipmentStopped | ShipmentShorted
)
TOLD_SCANS = ("out_for_delivery", "exception", "returned")
"""What a customer asks about. The other sightings are warehouse's to show: a parcel has many on its way."""


def record_shipment_fact(event: ShipmentFact, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Keep where a shipment is; before its order is known too. Undeliverable if it was stopped and left.

    Pieces that were not found and are dropped are taken out of the order: publishes order.reduced.
    """
    if isinstance(event, ShipmentScanned) and event.status not in TOLD_SCANS:
        return
    order = load(tx, event.order_id)
    told = {"at": envelope.time, "shipment_id": event.shipment_id, **_rest(event)}
    fact = Fact.model_validate({"type": event.type, "id": envelope.id, **told})
    new = hear(tx, order, fact, now)
    if new and isinstance(event, ShipmentShorted) and event.resolution == "dropped":
        _drop(tx, order, event, now)


def _rest(event: ShipmentFact) -> dict[str, object]:
    """Return what an order's life needs of this kind of event."""
    match event:
        case ShipmentDispatched():
            way = Way(fulfilment=event.fulfilment, location=event.location, tracking_number=event.tracking_number)
            return {"pieces": _pieces(event.lines), "way": way}
        case ShipmentDelivered():
            return {"pieces": _pieces(event.lines), "charged": _charged(event)}
        case ShipmentShorted():
            way = Way(fulfilment=event.fulfilment, location=event.location)
            return {"pieces": _pieces(event.lines), "way": way, "ref": event.short_id, "reason": event.resolution}
        case ShipmentScanned():
            seen = ", ".join(filter(None, (event.status, event.place)))
            moment = f"{event.tracking_number}.{event.status}.{rfc3339(event.scanned_at)}"
            return {"at": event.scanned_at, "reason": seen, "ref": moment}
        case ShipmentStopped():
            return {"reason": event.reason}
    return {}


def _pieces(lines: Iterable[ShipmentLine | ShortLine]) -> dict[str, int]:
    pieces: Counter[str] = Counter()
    for line in lines:
        pieces[line.sku] += line.quantity
    return dict(pieces)


def _charged(event: ShipmentDelivered) -> Charged:
    """Keep what was charged, a SKU's lines together: its pieces are the same goods."""
    lines: dict[str, ChargedLine] = {}
    for line in event.lines:
        known = lines.get(line.sku)
        lines[line.sku] = ChargedLine(
            sku=line.sku,
            quantity=line.quantity + (known.quantity if known else 0),
            net_minor=line.net.minor + (known.net_minor if known else 0),
            tax_minor=line.tax.minor + (known.tax_minor if known else 0),
            tax_rate=line.tax_rate,
            jurisdiction=line.jurisdiction,
        )
    return Charged(
        fulfilment=event.fulfilment,
        lines=tuple(lines.values()),
        shipping_net_minor=event.shipping_net.minor,
        shipping_tax_minor=event.shipping_tax.minor,
    )


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
