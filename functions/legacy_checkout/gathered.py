r"""What was heard of one order of the old checkout: the document, what it still lacks, and the order it comes to.

    gathering -> complete -> taken_in            an order of ours
                        \-> backordered -> taken_in | cancelled
                        \-> refused               what can't be an order of ours: a person sees to it
    shadowed                                      heard of in shadow mode: the old services' own, for good

Whatever tells of it first counts; whoever tells otherwise later is noted as a conflict and changes nothing.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Literal

from functions.legacy_checkout.charged import charged
from functions.legacy_checkout.spoken import GoogleMoney, OldAddress, SoldItem, our_id
from shared.storage import Document, Index
from shared.values.address import country_code
from shared.values.clock import Timestamp, rfc3339
from shared.values.personal import Email, PersonalText

Teller = Literal["crm", "accounting", "warehouse", "event"]
TELLERS: tuple[Teller, ...] = ("crm", "accounting", "warehouse", "event")
PATIENCE = timedelta(minutes=10)
"""After so long without all that an order needs, what is missing is reported. Each old call ends within 10 s."""
NEEDED = ("items", "shipping", "email", "first_name", "address")
ORIGIN = "gke"
FIVE_DIGITS = frozenset({"US", "DE", "ES", "FI", "FR", "IT"})
"""Where postal codes are five digits, whatever zeros a number lost of them."""


class GatheredOrder(Document):
    """One order, keyed by the id that the old checkout gave it."""

    collection: ClassVar[str] = "gathered_orders"
    key_field: ClassVar[str] = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("state", "heard_at"),
        Index("report_at"),
        Index("heard_at"),
        Index("tracking_id"),
    )

    order_id: str
    state: Literal["gathering", "complete", "taken_in", "backordered", "cancelled", "refused", "shadowed"] = "gathering"
    heard_at: Timestamp
    told_by: dict[Teller, int] = {}
    """How often each told of it."""
    first_name: PersonalText | None = None
    last_name: PersonalText | None = None
    email: Email | None = None
    items: tuple[SoldItem, ...] | None = None
    shipping: GoogleMoney | None = None
    address: OldAddress | None = None
    tracking_id: str | None = None
    told_total: str | None = None
    conflicts: tuple[str, ...] = ()
    report_at: Timestamp | None = None
    """When what it lacks is reported; None once that is done, or nothing lacks."""
    code: str | None = None
    detail: str | None = None
    total: str | None = None
    tax: str | None = None
    currency: str | None = None

    def hear(self, teller: Teller, facts: dict[str, Any]) -> None:
        """Take what a call or the message tells: what is new, and what differs from what was heard before."""
        self.told_by = {**self.told_by, teller: self.told_by.get(teller, 0) + 1}
        for name, value in facts.items():
            known = getattr(self, name)
            if value is None or known == value:
                continue
            if known is None:
                setattr(self, name, value)
            elif (conflict := f"{teller} says otherwise: {name}") not in self.conflicts:
                self.conflicts = (*self.conflicts, conflict)
        if self.state == "gathering" and not self.missing:
            self.state = "complete"
            self.report_at = None

    @classmethod
    def new(cls, order_id: str, now: datetime, *, shadow: bool) -> "GatheredOrder":
        """Return an order that was heard of for the first time; in shadow mode it stays with the old services."""
        state = "shadowed" if shadow else "gathering"
        return cls(order_id=order_id, state=state, heard_at=now, report_at=now + PATIENCE)

    @property
    def missing(self) -> list[str]:
        """What an order needs and nobody has told yet."""
        return [name for name in NEEDED if getattr(self, name) is None]

    @property
    def silent(self) -> list[Teller]:
        """Who has not told of it."""
        return [teller for teller in TELLERS if teller not in self.told_by]

    @property
    def paid(self) -> tuple[str, str] | None:
        """What the customer was charged, as it was told: currency and amount; None while that is not known."""
        if self.items is None or self.shipping is None:
            return None
        billionths = sum(each.cost.billionths * each.item.quantity for each in self.items) + self.shipping.billionths
        return self.shipping.currency_code, f"{Decimal(billionths).scaleb(-9):.2f}"

    def as_import(self) -> dict[str, Any]:
        """Return it as checkout takes it in; CurrencyNotAccepted. A last name that nobody told is a hyphen."""
        assert self.items and self.shipping and self.email and self.first_name and self.address
        lines, carriage = charged(self.items, self.shipping)
        items = [
            {"sku": sold.item.product_id, "quantity": sold.item.quantity, "paid": paid.as_json()}
            for sold, paid in zip(self.items, lines, strict=True)
        ]
        return {
            "order_id": our_id(self.order_id),
            "origin": ORIGIN,
            "payment_id": self.order_id,
            "customer": {"email": self.email, "first_name": self.first_name, "last_name": self.last_name or "-"},
            "currency": carriage.currency,
            "items": items,
            "shipping": carriage.as_json(),
            "shipping_address": postal(self.address),
            "placed_at": rfc3339(self.heard_at),
        }


def postal(address: OldAddress) -> dict[str, str]:
    """Return an address with its postal code as it is written there; a country nobody knows is left as it came."""
    try:
        country = country_code(address.country)
    except ValueError:  # checkout says what is wrong with it
        country = address.country
    code = str(address.zip_code)
    return {
        "street_address": address.street_address,
        "city": address.city,
        **({"state": address.state} if address.state else {}),
        "country": country,
        "zip_code": code.zfill(5) if country in FIVE_DIGITS else code,
    }


def is_overdue(order: GatheredOrder, now: datetime) -> bool:
    """Whether an order has waited too long for what it lacks."""
    return order.state == "gathering" and order.heard_at + PATIENCE <= now
