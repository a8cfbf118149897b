"""Orders: published by checkout until they are placed, by order_management after that."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.events.envelope import Event
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, OrderId, Sku
from shared.values.money import Money
from shared.values.personal import Email, PersonalText


class Part(BaseModel):
    """A part of an event: frozen, and tolerant of fields that a later version adds."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Buyer(Part):
    """Who ordered."""

    id: CustomerId
    email: Email
    first_name: PersonalText
    last_name: PersonalText
    tier: str
    vat_id: str | None = None


class PricedLine(Part):
    """One line. total = unit_price x quantity - discount + rounding + tax; tax at `tax_rate` (a fraction: '0.0725')."""

    sku: Sku
    name: str
    quantity: int = Field(ge=1)
    fulfilment: Literal["parcel", "freight"]
    weight_g: int
    categories: tuple[str, ...] = ()
    unit_price: Money
    discount: Money
    rounding: Money
    tax: Money
    tax_rate: str
    total: Money


class ShippingCharge(Part):
    """What one way of shipping costs the customer: net and tax; one for all parcels, one for all freight."""

    fulfilment: Literal["parcel", "freight"]
    net: Money
    tax: Money
    tax_rate: str


class FraudReason(Part):
    """Why the score is what it is: a code of fraud's rule table and the points it gave."""

    code: str
    points: int


class FraudDecision(Part):
    """Fraud's answer; `score` is null when it was silent (reason `fraud_silent`)."""

    decision: Literal["approve", "review", "deny"]
    score: int | None = None
    reasons: tuple[FraudReason, ...] = ()
    model_version: str | None = None


class Delivery(Part):
    """How freight is brought: service level and the booked slot."""

    service_level: str
    slot_id: str


class OrderTotals(Part):
    """What an order comes to: total = subtotal - discount + rounding + shipping + tax, exactly.

    `subtotal` = sum of unit_price x quantity; `tax` = sum of line taxes + `shipping_tax`; `shipping` is net.
    """

    subtotal: Money
    discount: Money
    rounding: Money
    shipping: Money
    shipping_tax: Money
    tax: Money
    total: Money


class PricedOrder(OrderTotals):
    """The whole order as it was placed; `shipping` is the sum of `shipping_charges`' net."""

    order_id: OrderId
    customer: Buyer
    currency: str
    lines: tuple[PricedLine, ...]
    shipping_charges: tuple[ShippingCharge, ...]
    shipping_address: Address
    billing_address: Address
    delivery: Delivery | None = None
    fraud: FraudDecision
    placed_at: Timestamp


class FraudInputs(Part):
    """What fraud was or would have been asked, so that a silent score can be asked for again.

    The body of `POST /api/score`.
    """

    order_id: OrderId
    customer_id: CustomerId
    email: Email
    customer_since: Timestamp
    total: Money
    skus: tuple[Sku, ...]
    shipping_address: Address
    billing_address: Address
    card_fingerprint: str
    card_country: str | None = None
    ip: PersonalText | None = None
    user_agent: str | None = None
    session_id: str | None = None
    placed_at: Timestamp


class OrderConfirmed(Event):
    """Checkout placed an order: goods are firm, the payment is authorized, fulfilment may start."""

    type: ClassVar[str] = "order.confirmed"
    order_id: OrderId
    order: PricedOrder


class OrderHeld(Event):
    """Checkout placed an order that waits for a review: goods are firm, the payment is authorized."""

    type: ClassVar[str] = "order.held"
    order_id: OrderId
    order: PricedOrder
    fraud_inputs: FraudInputs
    authorization_expires_at: Timestamp


class OrderActionRequired(Event):
    """Checkout waits for the customer to authenticate the payment (3-D Secure); the goods are reserved for a while."""

    type: ClassVar[str] = "order.action_required"
    order_id: OrderId
    order: PricedOrder


class OrderRefused(Event):
    """Checkout refused an order and undid what it had begun. `fraud` is there if it was asked."""

    type: ClassVar[str] = "order.refused"
    order_id: OrderId
    code: str
    detail: str
    currency: str
    action_was_required: bool = False
    fraud: FraudDecision | None = None


class OrderApproved(Event):
    """A held order passed review (`by` a person, or `fraud` after a late score): fulfilment may start."""

    type: ClassVar[str] = "order.approved"
    order_id: OrderId
    order: PricedOrder
    by: str
    reason: str


class OrderRejected(Event):
    """A held order failed review: stock, slot and authorization are to be undone."""

    type: ClassVar[str] = "order.rejected"
    order_id: OrderId
    by: str
    reason: str


class OrderCancelled(Event):
    """An order was cancelled before anything left: stock, slot, authorization and invoice draft are to be undone."""

    type: ClassVar[str] = "order.cancelled"
    order_id: OrderId
    by: str
    reason: str
