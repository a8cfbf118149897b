"""payment.refunded, .refund_failed: whether the customer has the money for a return."""

from datetime import datetime

from functions.order_management.facts import heard
from functions.order_management.following_returns import follow
from functions.order_management.recording import hear, load
from functions.order_management.returns import Return
from shared.errors import Undeliverable
from shared.events import Envelope
from shared.events.payment import PaymentRefunded, PaymentRefundFailed
from shared.storage import Transaction


def record_refund(
    event: PaymentRefunded | PaymentRefundFailed, envelope: Envelope, tx: Transaction, now: datetime
) -> None:
    """Keep how a refund ended, before the goods are heard of too; Undeliverable if nobody here knows the return.

    Publishes order.return_refunded once both the goods and the money went back.
    """
    goods = tx.get(Return, event.return_id)
    if goods is None or goods.order_id != event.order_id:
        raise Undeliverable(f"order {event.order_id} has no return {event.return_id}")
    order = load(tx, event.order_id)
    if hear(tx, order, heard(event, envelope), now):
        follow(tx, order, goods, now)
