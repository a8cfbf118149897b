"""order.confirmed, order.held, order.approved, order.rejected: tell the customer."""

from datetime import datetime

from functions.notification.contacts import Contact, Waiting, contact_of
from functions.notification.delivery import deliver
from functions.notification.mailer import Mailer
from functions.notification.messages import intend
from shared.events import Envelope
from shared.events.order import OrderApproved, OrderConfirmed, OrderHeld, OrderRejected
from shared.events.priced_order import PricedOrder
from shared.http.models import Receipt
from shared.storage import Database, Transaction


def notify_order(
    event: OrderConfirmed | OrderHeld | OrderApproved | OrderRejected,
    envelope: Envelope,
    db: Database,
    mailer: Mailer,
    receipt: Receipt,
    now: datetime,
) -> None:
    """Send what the event has to tell. A rejection names no customer: it waits for the order's contact."""

    def write(tx: Transaction) -> list[str]:
        if isinstance(event, OrderRejected):
            return _rejected(tx, event.order_id, envelope, now)
        return _placed(tx, event.order, envelope, now)

    deliver(db.transact(write), db, mailer, now, receipt)


def _placed(tx: Transaction, order: PricedOrder, envelope: Envelope, now: datetime) -> list[str]:
    contact = contact_of(tx, order.order_id)
    waited, contact.waiting = contact.waiting, ()
    contact.email, contact.first_name = order.customer.email, order.customer.first_name
    tx.put(contact)
    first = intend(tx, envelope.id, envelope.type, order.order_id, order.customer.email, {"order": order}, now)
    return [first, *(_tell(tx, contact, each, now) for each in waited)]


def _rejected(tx: Transaction, order_id: str, envelope: Envelope, now: datetime) -> list[str]:
    contact = contact_of(tx, order_id)
    notice = Waiting(event_id=envelope.id, template=envelope.type)
    if contact.email is not None:
        return [_tell(tx, contact, notice, now)]
    if notice not in contact.waiting:
        contact.waiting += (notice,)
        tx.put(contact)
    return []


def _tell(tx: Transaction, contact: Contact, notice: Waiting, now: datetime) -> str:
    facts: dict[str, object] = {"order_id": contact.order_id, "first_name": contact.first_name}
    return intend(tx, notice.event_id, notice.template, contact.order_id, contact.email or "", facts, now)
