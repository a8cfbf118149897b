"""shipment.returned, .return_lapsed: authorized pieces came back, as warehouse found them, or did not in time."""

from datetime import datetime

from functions.order_management.facts import heard
from functions.order_management.following_returns import follow, received_worth
from functions.order_management.recording import hear, load
from functions.order_management.returns import Return
from shared.errors import Undeliverable
from shared.events import Envelope
from shared.events.shipment import ShipmentReturned, ShipmentReturnLapsed
from shared.storage import Transaction


def record_returned_goods(
    event: ShipmentReturned | ShipmentReturnLapsed, envelope: Envelope, tx: Transaction, now: datetime
) -> None:
    """Keep what came back, or that nothing did; Undeliverable if this return was not authorized here."""
    goods = tx.get(Return, event.return_id)
    if goods is None or goods.order_id != event.order_id:
        raise Undeliverable(f"order {event.order_id} has no return {event.return_id}")
    order = load(tx, event.order_id)
    if hear(tx, order, heard(event, envelope), now):
        came = {"received": received_worth(goods, event)} if isinstance(event, ShipmentReturned) else {}
        follow(tx, order, goods.model_copy(update=came), now)
