"""Orders: published by checkout until they are placed, by order_management after that."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.priced_order import ExchangeRate, FraudDecision, FraudInputs, MissingGoods, PricedOrder
from shared.events.returned_goods import ReturnAmounts, ReturnLine
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, OrderId, ShipmentId, Sku
from shared.values.money import Money
from shared.values.personal import Email, PersonalText


class OrderConfirmed(Event):
    """Checkout placed an order: goods are firm, the payment is authorized, fulfilment may start.

    `origin` is there if another checkout took the order and its payment (`gke`): its customer was told there.
    """

    type: ClassVar[str] = "order.confirmed"
    order_id: OrderId
    order: PricedOrder
    origin: str | None = None


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


class OrderBackordered(Event):
    """An order that another checkout took and was paid for is beyond stock: it is confirmed once goods have come in."""

    type: ClassVar[str] = "order.backordered"
    order_id: OrderId
    order: PricedOrder
    missing: tuple[MissingGoods, ...]
    origin: str


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


class WantedPieces(Part):
    """So many pieces of a SKU."""

    sku: Sku
    quantity: int = Field(ge=1)


class Asked(Part):
    """What a person asked for: which pieces (None: all), under which reference, and when warehouse was asked."""

    wanted: tuple[WantedPieces, ...] | None = None
    reference: str | None = None
    asked_at: Timestamp


class OrderCancelled(Event):
    """An order was cancelled before anything left: stock, slot, authorization and invoice draft are to be undone.

    `reduction_id` names the cancellation. `asked` is there if goods were planned, so that warehouse had to be asked.
    """

    type: ClassVar[str] = "order.cancelled"
    order_id: OrderId
    by: str
    reason: str
    customer_id: CustomerId | None = None
    reduction_id: str | None = None
    asked: Asked | None = None


class ReducedLine(Part):
    """Pieces that will not leave: from which shipment and location they were to go, and what is not charged."""

    shipment_id: ShipmentId
    location: str
    fulfilment: Literal["parcel", "freight"]
    sku: Sku
    name: str
    quantity: int = Field(ge=1)
    net: Money
    tax: Money
    tax_rate: str
    jurisdiction: str | None = None


class OrderReduced(Event):
    """Pieces of an order will not leave, while others have left or will: they are never charged.

    total = sum of the lines' net and tax + shipping_net + shipping_tax (shipping of shipments that are gone wholly).
    `reduction_id` is the natural key: hearing it twice changes nothing. `asked` is there if a person asked for it.
    """

    type: ClassVar[str] = "order.reduced"
    order_id: OrderId
    reduction_id: str
    by: str
    reason: str
    lines: tuple[ReducedLine, ...] = Field(min_length=1)
    shipping_net: Money
    shipping_tax: Money
    total: Money
    asked: Asked | None = None


class ReturnAsked(Part):
    """What was asked for: which pieces (None: all), under which reference, with or without shipping."""

    wanted: tuple[WantedPieces, ...] | None = None
    reference: str | None = None
    refund_shipping: bool = False


class OrderReturnRequested(Event):
    """A customer wants to send delivered pieces back; `shipping_of` are the shipments whose shipping is given back."""

    type: ClassVar[str] = "order.return_requested"
    order_id: OrderId
    return_id: str
    by: str
    reason: str
    lines: tuple[ReturnLine, ...] = Field(min_length=1)
    amounts: ReturnAmounts | None = None
    shipping_of: tuple[ShipmentId, ...] = ()
    asked: ReturnAsked | None = None


class OrderReturnAuthorized(Event, ReturnAmounts):
    """A return may come in: warehouse expects it."""

    type: ClassVar[str] = "order.return_authorized"
    order_id: OrderId
    return_id: str
    by: str
    customer_id: CustomerId
    email: Email
    first_name: PersonalText
    lines: tuple[ReturnLine, ...] = Field(min_length=1)
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    reason: str | None = None


class OrderReturnRejected(Event):
    """A return was not authorized."""

    type: ClassVar[str] = "order.return_rejected"
    order_id: OrderId
    return_id: str
    by: str
    reason: str


class OrderReturnRefunded(Event, ReturnAmounts):
    """What came back was refunded: amounts of what warehouse received, as charged."""

    type: ClassVar[str] = "order.return_refunded"
    order_id: OrderId
    return_id: str
    customer_id: CustomerId
    email: Email
    first_name: PersonalText
    exchange_rate: ExchangeRate | None = None
