"""Shipments: published by warehouse. Amounts of all shipments of an order sum exactly to the order's."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.events.priced_order import ExchangeRate, TaxTreatment
from shared.events.returned_goods import ReturnAmounts, ReturnLine
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, ShipmentId, Sku
from shared.values.money import Money
from shared.values.personal import Email, PersonalText


class ShipmentLine(Part):
    """Pieces of one order line in this shipment. `net` is after discount and rounding; gross = net + tax."""

    sku: Sku
    name: str
    quantity: int = Field(ge=1)
    net: Money
    tax: Money
    tax_rate: str
    tax_treatment: TaxTreatment | None = None
    jurisdiction: str | None = None


class ShipmentPlanned(Event):
    """Warehouse planned how goods of an order leave.

    From where, in how many parcels, and what this part of the order is worth.
    """

    type: ClassVar[str] = "shipment.planned"
    order_id: OrderId
    shipment_id: ShipmentId
    fulfilment: Literal["parcel", "freight"]
    location: str
    lines: tuple[ShipmentLine, ...]
    parcels: int
    total: Money


class ShipmentDispatched(Event):
    """A shipment left. `total` = sum of lines' net + tax + shipping + shipping_tax: what is captured and invoiced."""

    type: ClassVar[str] = "shipment.dispatched"
    order_id: OrderId
    shipment_id: ShipmentId
    fulfilment: Literal["parcel", "freight"]
    location: str
    lines: tuple[ShipmentLine, ...]
    goods_net: Money
    goods_tax: Money
    shipping_net: Money
    shipping_tax: Money
    total: Money
    tracking_number: str
    carrier: str
    customer_id: str
    email: Email
    first_name: PersonalText
    shipping_address: Address
    shipping_jurisdiction: str | None = None
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class ShipmentDelivered(Event):
    """A shipment arrived: control of the goods passed to the customer, so revenue may be recognised."""

    type: ClassVar[str] = "shipment.delivered"
    order_id: OrderId
    shipment_id: ShipmentId
    fulfilment: Literal["parcel", "freight"]
    location: str
    customer_id: str
    lines: tuple[ShipmentLine, ...]
    goods_net: Money
    goods_tax: Money
    shipping_net: Money
    shipping_tax: Money
    total: Money
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class ShortLine(Part):
    """Pieces that were not found where they should lie, with what the customer would have paid for them."""

    sku: Sku
    name: str
    quantity: int = Field(ge=1)
    net: Money
    tax: Money
    tax_rate: str
    jurisdiction: str | None = None


class ShipmentShorted(Event):
    """A pick fell short and nothing else could be found.

    `dropped`: these pieces will not leave and are not charged; `backordered`: they leave when there is stock again.
    """

    type: ClassVar[str] = "shipment.shorted"
    order_id: OrderId
    shipment_id: ShipmentId
    short_id: str
    fulfilment: Literal["parcel", "freight"]
    location: str
    resolution: Literal["dropped", "backordered"]
    lines: tuple[ShortLine, ...] = Field(min_length=1)
    shipping_net: Money
    shipping_tax: Money
    total: Money


class ShipmentScanned(Event):
    """A carrier saw a parcel: `status` is the carrier port's word (in_transit, out_for_delivery, exception, ...)."""

    type: ClassVar[str] = "shipment.scanned"
    order_id: OrderId
    shipment_id: ShipmentId
    tracking_number: str
    status: str
    place: str | None = None
    scanned_at: Timestamp


class ReceivedLine(ReturnLine):
    """Returned pieces as warehouse found them: sellable again, or kept apart."""

    location: str
    disposition: Literal["restock", "quarantine"]


class ShipmentReturned(Event, ReturnAmounts):
    """Authorized pieces came back: amounts of what really came, exactly as charged."""

    type: ClassVar[str] = "shipment.returned"
    order_id: OrderId
    return_id: str
    customer_id: str
    lines: tuple[ReceivedLine, ...] = Field(min_length=1)
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class ShipmentReturnLapsed(Event):
    """Authorized pieces did not come back in time: they are not expected any more. `expected_at`: since when."""

    type: ClassVar[str] = "shipment.return_lapsed"
    order_id: OrderId
    return_id: str
    customer_id: str
    expected_at: Timestamp


class ShipmentStopped(Event):
    """A planned shipment will not leave."""

    type: ClassVar[str] = "shipment.stopped"
    order_id: OrderId
    shipment_id: ShipmentId
    reason: str
