"""shipment.dispatched: tell the customer what is on its way."""

from datetime import datetime

from functions.notification.channels import Channels
from functions.notification.delivery import deliver
from functions.notification.messages import intend
from functions.notification.preferences import audience
from shared.calls import Calls
from shared.events import Envelope
from shared.events.shipment import ShipmentDispatched
from shared.http.models import Receipt
from shared.storage import Database


def notify_shipment(
    event: ShipmentDispatched,
    envelope: Envelope,
    db: Database,
    channels: Channels,
    call: Calls,
    receipt: Receipt,
    now: datetime,
) -> None:
    """Send the lines of the shipment and how to follow it."""
    told = audience(db, call, event.customer_id, event.email, event.first_name, event.shipping_address.country)
    sent = db.transact(
        lambda tx: intend(tx, envelope.id, envelope.type, event.order_id, told, {"shipment": event}, now)
    )
    deliver(sent, db, channels, now, receipt)
