"""Whom to tell about an order: learnt when it is placed, needed by later events that don't say it."""

from pydantic import BaseModel

from shared.storage import Document, Transaction
from shared.values.personal import Email, PersonalText


class Waiting(BaseModel):
    """An event that came before its order's contact was known: to be told when it is."""

    event_id: str
    template: str


class Contact(Document):
    """The customer of an order; before that is known, only what waits for it."""

    collection = "contacts"
    key_field = "order_id"

    order_id: str
    email: Email | None = None
    first_name: PersonalText | None = None
    waiting: tuple[Waiting, ...] = ()


def contact_of(tx: Transaction, order_id: str) -> Contact:
    """Return the contact as it is known, or a new one."""
    return tx.get(Contact, order_id) or Contact(order_id=order_id)
