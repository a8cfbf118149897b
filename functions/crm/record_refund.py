"""order.return_refunded: what came back was not spent, and its points are reversed."""

from datetime import datetime

from functions.crm.base_currency import in_base
from functions.crm.booking import purchase_of
from functions.crm.purchases import Refund
from shared.events import Envelope
from shared.events.order import OrderReturnRefunded
from shared.storage import Transaction
from shared.telemetry.about import SUPPRESSED, note_effect


def record_refund(event: OrderReturnRefunded, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Book a refunded return once. One that comes before its delivery is kept, and takes from it when that is heard."""
    purchase = purchase_of(tx, event.order_id, event.customer_id, envelope.time)
    if purchase.knows(event.return_id):
        note_effect(SUPPRESSED)
        return
    spend = max(0, in_base(event.goods_net, event.exchange_rate).minor)
    refund = Refund(return_id=event.return_id, at=envelope.time, spend_minor=spend)
    tx.put(purchase.model_copy(update={"refunds": (*purchase.refunds, refund)}).settled(now))
