"""Customers: published by crm."""

from typing import ClassVar

from pydantic import Field

from shared.events.envelope import Event
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId
from shared.values.money import Money


class CustomerRegistered(Event):
    """A customer was seen for the first time. Holds nothing personal: who needs more asks crm."""

    type: ClassVar[str] = "customer.registered"
    subject_field: ClassVar[str] = "customer_id"
    customer_id: CustomerId
    tier: str
    country: str | None = None


class CustomerTierChanged(Event):
    """Twelve months' spend earned another tier."""

    type: ClassVar[str] = "customer.tier_changed"
    subject_field: ClassVar[str] = "customer_id"
    customer_id: CustomerId
    before: str
    after: str
    spend: Money


class CustomerStandingChanged(Event):
    """Who said that a customer is good, to be watched or blocked, and why."""

    type: ClassVar[str] = "customer.standing_changed"
    subject_field: ClassVar[str] = "customer_id"
    customer_id: CustomerId
    before: str
    after: str
    by: str
    reason: str


class CustomerPreferencesChanged(Event):
    """How a customer wants to be told: language (BCP 47), channels, and whether they agreed to marketing.

    Holds no address: `phone` and device tokens are asked of crm by whoever may send to them.
    """

    type: ClassVar[str] = "customer.preferences_changed"
    subject_field: ClassVar[str] = "customer_id"
    customer_id: CustomerId
    language: str
    channels: tuple[str, ...]
    marketing: bool


class CustomerMerged(Event):
    """Two records were one person: `merged_id` lives on as `customer_id`."""

    type: ClassVar[str] = "customer.merged"
    subject_field: ClassVar[str] = "customer_id"
    customer_id: CustomerId
    merged_id: CustomerId
    by: str


class CustomerLoyaltyValued(Event):
    """All points that customers hold, counted once a day: what the shop owes them. `valuation_id` is the day's key."""

    type: ClassVar[str] = "customer.loyalty_valued"
    subject_field: ClassVar[str] = "valuation_id"
    valuation_id: str
    points: int = Field(ge=0)
    value: Money
    valued_at: Timestamp
