"""What happens to an order: tell its customer.

Some events carry the order, some name the customer, some only the order: those wait until its contact is known.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.notification.channels import Channels
from functions.notification.contacts import Contact, Waiting
from functions.notification.delivery import deliver
from functions.notification.messages import intend
from functions.notification.preferences import Audience, audience
from shared.calls import Calls
from shared.errors import Unavailable
from shared.events import Envelope
from shared.events.order import (
    OrderApproved,
    OrderCancelled,
    OrderConfirmed,
    OrderHeld,
    OrderReduced,
    OrderRejected,
    OrderReturnAuthorized,
    OrderReturnRefunded,
    OrderReturnRejected,
)
from shared.http.models import Receipt
from shared.storage import Database, Transaction
from shared.telemetry.about import KEPT, note_effect

Placed = OrderConfirmed | OrderHeld | OrderApproved
Later = (
    OrderRejected | OrderCancelled | OrderReduced | OrderReturnAuthorized | OrderReturnRejected | OrderReturnRefunded
)


def notify_order(
    event: Placed | Later,
    envelope: Envelope,
    db: Database,
    channels: Channels,
    call: Calls,
    receipt: Receipt,
    now: datetime,
) -> None:
    """Send what the event has to tell, once per channel that the customer wants."""
    if isinstance(event, Placed):
        order = event.order
        known: Contact | None = Contact(
            order_id=order.order_id,
            customer_id=order.customer.id,
            email=order.customer.email,
            first_name=order.customer.first_name,
            country=order.shipping_address.country,
        )
        facts: Mapping[str, Any] = {"order": order}
    else:
        known, facts = db.get(Contact, event.order_id), {"order_id": event.order_id, **_facts(event)}
    told = _audience(db, call, known)
    notice = Waiting(event_id=envelope.id, template=envelope.type, facts={} if isinstance(event, Placed) else facts)

    def write(tx: Transaction) -> list[str]:
        contact = tx.get(Contact, event.order_id)
        if told is None:
            return _wait(tx, contact or Contact(order_id=event.order_id), notice)
        waited = _learn(tx, contact, known) if isinstance(event, Placed) else ()
        quiet = _told_elsewhere(event)
        first = [] if quiet else intend(tx, envelope.id, envelope.type, event.order_id, told, facts, now)
        return first + [
            message_id
            for each in waited
            for message_id in intend(tx, each.event_id, each.template, event.order_id, told, each.facts, now)
        ]

    deliver(db.transact(write), db, channels, now, receipt)


def _told_elsewhere(event: Placed | Later) -> bool:
    """Whether the checkout that took the order, not ours, has confirmed it to the customer."""
    return isinstance(event, OrderConfirmed) and event.origin is not None


def _audience(db: Database, call: Calls, contact: Contact | None) -> Audience | None:
    if contact is None or contact.email is None:
        return None
    return audience(db, call, contact.customer_id or "", contact.email, contact.first_name or "", contact.country or "")


def _facts(event: Later) -> dict[str, Any]:
    """Return what the event's template needs, as JSON, so that it can wait."""
    data = event.model_dump(mode="json", exclude_none=True)
    return {name: data[name] for name in ("lines", "total", "return_id") if name in data}


def _wait(tx: Transaction, contact: Contact, notice: Waiting) -> list[str]:
    if contact.email is not None:
        raise Unavailable("the order's contact has just become known; deliver this again")
    note_effect(KEPT)
    if notice not in contact.waiting:
        contact.waiting += (notice,)
        tx.put(contact)
    return []


def _learn(tx: Transaction, contact: Contact | None, known: Contact | None) -> tuple[Waiting, ...]:
    """Write the contact if it is new; return what waited for it."""
    if contact is not None and contact.email is not None:
        return ()
    assert known is not None  # an order that was placed has a customer
    tx.put(known)
    return contact.waiting if contact else ()
