"""shipment.dispatched: tell the customer what is on its way."""

from datetime import datetime

from functions.notification.delivery import deliver
from functions.notification.mailer import Mailer
from functions.notification.messages import intend
from shared.events import Envelope
from shared.events.shipment import ShipmentDispatched
from shared.http.models import Receipt
from shared.storage import Database


def notify_shipment(
    event: ShipmentDispatched, envelope: Envelope, db: Database, mailer: Mailer, receipt: Receipt, now: datetime
) -> None:
    """Send the lines of the shipment and how to follow it."""
    message_id = db.transact(
        lambda tx: intend(tx, envelope.id, envelope.type, event.order_id, event.email, {"shipment": event}, now)
    )
    deliver([message_id], db, mailer, now, receipt)
