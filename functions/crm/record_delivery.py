"""shipment.delivered: the customer has spent, and has earned points."""

from datetime import datetime

from functions.crm.base_currency import in_base
from functions.crm.booking import purchase_of
from functions.crm.loyalty import MINOR_PER_POINT
from functions.crm.purchases import Earning
from shared.events import Envelope
from shared.events.shipment import ShipmentDelivered
from shared.storage import Transaction
from shared.telemetry.about import SUPPRESSED, note_effect


def record_delivery(event: ShipmentDelivered, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Book a shipment once: one document and no event. A refund that was heard before takes its points at once."""
    purchase = purchase_of(tx, event.order_id, event.customer_id, envelope.time)
    if purchase.knows(event.shipment_id):
        note_effect(SUPPRESSED)
        return
    spend = max(0, in_base(event.goods_net, event.exchange_rate).minor)
    earning = Earning(
        shipment_id=event.shipment_id, at=envelope.time, spend_minor=spend, points=spend // MINOR_PER_POINT
    )
    tx.put(purchase.model_copy(update={"earnings": (*purchase.earnings, earning)}).settled(now))
