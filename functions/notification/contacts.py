"""Whom to tell about an order: learnt when it is placed, needed by later events that don't say it."""

from typing import Any

from pydantic import BaseModel

from shared.storage import Document
from shared.values.personal import Email, PersonalText


class Waiting(BaseModel):
    """An event that came before its order's contact was known: to be told when it is."""

    event_id: str
    template: str
    facts: dict[str, Any] = {}


class Contact(Document):
    """The customer of an order; before that is known, only what waits for it."""

    collection = "contacts"
    key_field = "order_id"

    order_id: str
    customer_id: str | None = None
    email: Email | None = None
    first_name: PersonalText | None = None
    country: str | None = None
    waiting: tuple[Waiting, ...] = ()
