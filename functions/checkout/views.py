"""What checkout reads of other services' answers; fields that it doesn't name are ignored."""

from typing import Literal

from shared.events.priced_order import (
    Delivery,
    ExchangeRate,
    FraudDecision,
    FraudReason,
    OrderTotals,
    PricedLine,
    ShippingCharge,
)
from shared.http.models import View
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId
from shared.values.money import Money


class CustomerView(View):
    """crm's answer."""

    customer_id: CustomerId
    email: str
    first_name: str
    last_name: str
    tier: str
    standing: Literal["good", "watch", "blocked"]
    since: Timestamp
    vat_id: str | None = None


class LoyaltyView(View):
    """A customer's tier."""

    tier: str


class ProfileView(View):
    """A customer as crm's list shows them."""

    loyalty: LoyaltyView


class CustomersView(View):
    """crm's list."""

    items: list[ProfileView]


class ProductView(View):
    """How a SKU is fulfilled."""

    sku: str
    fulfilment: Literal["parcel", "freight"]


class ProductsView(View):
    """pricing's list."""

    items: list[ProductView]


class CardView(View):
    """What payment tells of a token."""

    fingerprint: str
    country: str | None = None


class PickView(View):
    """Where pieces lie."""

    location: str


class ReservedLineView(View):
    """A SKU and from where it is taken, the location that allocation preferred first."""

    sku: str
    picks: tuple[PickView, ...]


class PickedView(View):
    """From where goods are taken."""

    lines: tuple[ReservedLineView, ...] = ()


class ReservationView(PickedView):
    """What inventory and furniture answer."""

    state: str
    expires_at: Timestamp
    delivery: Delivery | None = None
    freight: Money | None = None


class FreightView(View):
    """furniture's quote."""

    net: Money


class PriceView(OrderTotals):
    """pricing's answer."""

    lines: tuple[PricedLine, ...]
    shipping_charges: tuple[ShippingCharge, ...]
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class AuthorizationView(View):
    """payment's answer."""

    status: Literal["authorized", "requires_action"]
    expires_at: Timestamp
    next_action: dict[str, str] | None = None
    avs: str | None = None
    cvc: str | None = None


class AnyView(View):
    """An answer that nothing is read from."""


class FraudDecisionView(View):
    """fraud's answer."""

    decision: Literal["approve", "review", "deny"]
    score: int | None
    reasons: tuple[FraudReason, ...] = ()
    model_version: str | None = None

    def decided(self) -> FraudDecision:
        """Return it as the order keeps it."""
        return FraudDecision(**self.model_dump())
