"""Customers: published by crm."""

from typing import ClassVar

from shared.events.envelope import Event
from shared.values.identifiers import CustomerId


class CustomerRegistered(Event):
    """A customer was seen for the first time. Holds nothing personal: who needs more asks crm."""

    type: ClassVar[str] = "customer.registered"
    subject_field: ClassVar[str] = "customer_id"
    customer_id: CustomerId
    tier: str
    country: str | None = None
