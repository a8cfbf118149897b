"""order.confirmed, .held, .backordered, .action_required, .refused: what checkout says of an order."""

from datetime import datetime

from functions.order_management.facts import heard
from functions.order_management.order import Order
from functions.order_management.recording import hear, load, publish_score, store
from functions.order_management.review import open_review
from shared.events import Envelope
from shared.events.order import OrderActionRequired, OrderBackordered, OrderConfirmed, OrderHeld, OrderRefused
from shared.storage import Transaction

Opening = OrderConfirmed | OrderHeld | OrderBackordered | OrderActionRequired


def record_order_fact(event: Opening | OrderRefused, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Open an order's life, or close one that waited for the customer; Undeliverable if both or neither can be true."""
    order = load(tx, event.order_id)
    fraud = event.fraud if isinstance(event, OrderRefused) else event.order.fraud
    known = order.has(event.type)
    if known and order.contact is None and not isinstance(event, OrderRefused):
        order.describe_buyer(event.order)
        store(tx, order)
    if not known and not isinstance(event, OrderRefused):
        _open(order, event, envelope)
    if not known and fraud is not None:
        publish_score(tx, order, fraud, now)
    hear(tx, order, heard(event, envelope), now)


def _open(order: Order, event: Opening, envelope: Envelope) -> None:
    """Take the order as placed; while it waits for the customer or for goods it is not placed."""
    if not order.has("order.confirmed", "order.held"):
        order.describe(event.order)
    if not isinstance(event, OrderActionRequired | OrderBackordered):
        order.opened_at = envelope.time
    if isinstance(event, OrderHeld):
        open_review(order, event)
