"""shipment.planned, .dispatched, .delivered, .stopped: what warehouse says of an order's goods."""

from collections import Counter

from functions.order_management.order import Fact
from functions.order_management.recording import hear, load
from shared.events import Envelope
from shared.events.shipment import ShipmentDelivered, ShipmentDispatched, ShipmentPlanned, ShipmentStopped
from shared.storage import Transaction

ShipmentFact = ShipmentPlanned | ShipmentDispatched | ShipmentDelivered | ShipmentStopped


def record_shipment_fact(event: ShipmentFact, envelope: Envelope, tx: Transaction) -> None:
    """Keep where a shipment is; before its order is known too. Undeliverable if it was stopped and left."""
    fact = Fact(
        type=event.type,
        id=envelope.id,
        at=envelope.time,
        shipment_id=event.shipment_id,
        reason=event.reason if isinstance(event, ShipmentStopped) else None,
        pieces=_pieces(event) if isinstance(event, ShipmentDispatched | ShipmentDelivered) else None,
    )
    hear(tx, load(tx, event.order_id), fact)


def _pieces(event: ShipmentDispatched | ShipmentDelivered) -> dict[str, int]:
    pieces: Counter[str] = Counter()
    for line in event.lines:
        pieces[line.sku] += line.quantity
    return dict(pieces)
