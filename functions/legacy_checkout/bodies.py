"""The bodies of the calls that tell of an order, and of its message, as the old checkout writes them.

Each says what it tells by `facts`, in the words of the order that is gathered.
"""

from typing import Any

from pydantic import BaseModel, Field

from functions.legacy_checkout.spoken import ForeignId, GoogleMoney, Number, OldAddress, OldCall, SoldItem
from shared.values.personal import Email, PersonalText

NAME_PARTS = "~~"
"""Between first name, last name and session in a `user_id`."""


class OrderOfCustomer(OldCall):
    """What the CRM is told of an order."""

    order_id: ForeignId
    tracking_id: str = Field(default="", max_length=100)
    total_amount: Number | None = None
    currency: str = Field(default="", max_length=3)


class CustomerCall(OldCall):
    """`POST /customers` of the CRM."""

    name: PersonalText = Field(max_length=100)
    surname: PersonalText = Field(default="", max_length=100)
    email: Email
    order: OrderOfCustomer

    def facts(self) -> dict[str, Any]:
        """Return what it tells of its order."""
        return {
            "first_name": self.name or None,
            "last_name": self.surname or None,
            "email": self.email,
            "tracking_id": self.order.tracking_id or None,
            "told_total": None if self.order.total_amount is None else str(self.order.total_amount),
        }


class Financials(BaseModel):
    """What was sold, and what shipping cost."""

    items: tuple[SoldItem, ...] = Field(min_length=1, max_length=100)
    shipping_cost: GoogleMoney


class TransactionCall(OldCall):
    """`POST /transactions` of accounting."""

    order_id: ForeignId
    financials: Financials
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    customer_email: Email
    user_id: PersonalText = Field(default="", max_length=400)

    def facts(self) -> dict[str, Any]:
        """Return what it tells of its order."""
        sold = {"items": self.financials.items, "shipping": self.financials.shipping_cost}
        return {**sold, "email": self.customer_email, **_name(self.user_id)}


class ShipmentCall(OldCall):
    """`POST /shipments` of the warehouse."""

    order_id: ForeignId
    email: Email
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    tracking_id: str = Field(default="", max_length=100)
    shipping_cost: GoogleMoney
    items: tuple[SoldItem, ...] = Field(min_length=1, max_length=100)
    destination_address: OldAddress

    def facts(self) -> dict[str, Any]:
        """Return what it tells of its order."""
        return {
            "items": self.items,
            "shipping": self.shipping_cost,
            "email": self.email,
            "tracking_id": self.tracking_id or None,
            "address": self.destination_address,
        }


class OrderMessage(OldCall):
    """The message on `order-events`: `OrderResult` of the old shop's protocol, in its own snake case, flat."""

    order_id: ForeignId = Field(alias="order_id")
    user_id: PersonalText = Field(default="", max_length=400, alias="user_id")
    email: Email
    user_currency: str = Field(default="", alias="user_currency")
    shipping_tracking_id: str = Field(default="", max_length=100, alias="shipping_tracking_id")
    shipping_cost: GoogleMoney = Field(alias="shipping_cost")
    shipping_address: OldAddress = Field(alias="shipping_address")
    items: tuple[SoldItem, ...] = Field(min_length=1, max_length=100)

    def facts(self) -> dict[str, Any]:
        """Return what it tells of its order: all there is to know."""
        return {
            "items": self.items,
            "shipping": self.shipping_cost,
            "email": self.email,
            "tracking_id": self.shipping_tracking_id or None,
            "address": self.shipping_address,
            **_name(self.user_id),
        }


def _name(user_id: str) -> dict[str, str | None]:
    """Read first and last name out of `first~~last~~session`; a user id of another form names nobody."""
    parts = user_id.split(NAME_PARTS)
    if len(parts) < 3:
        return {}
    return {"first_name": parts[0].strip()[:100] or None, "last_name": parts[1].strip()[:100] or None}
