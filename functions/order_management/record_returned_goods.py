"""shipment.returned: authorized pieces came back, as warehouse found them."""

from datetime import datetime

from functions.order_management.order import Fact
from functions.order_management.recording import hear, load
from functions.order_management.returns import Return, Worth, follow
from shared.errors import Undeliverable
from shared.events import Envelope
from shared.events.returned_goods import ReturnAmounts, ReturnLine
from shared.events.shipment import ShipmentReturned
from shared.storage import Transaction


def record_returned_goods(event: ShipmentReturned, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Keep what came back; Undeliverable if this return was not authorized here."""
    goods = tx.get(Return, event.return_id)
    if goods is None or goods.order_id != event.order_id:
        raise Undeliverable(f"order {event.order_id} has no return {event.return_id}")
    order = load(tx, event.order_id)
    received = Worth(
        lines=tuple(ReturnLine.model_validate(dict(line)) for line in event.lines),
        shipping_of=goods.requested.shipping_of if event.shipping_net or event.shipping_tax else (),
        **{name: getattr(event, name) for name in ReturnAmounts.model_fields},
    )
    fact = Fact(
        type=event.type,
        id=envelope.id,
        at=envelope.time,
        ref=event.return_id,
        pieces=received.pieces,
        amount_minor=event.total.minor,
    )
    if hear(tx, order, fact, now):
        follow(tx, order, goods.model_copy(update={"received": received}), now)
