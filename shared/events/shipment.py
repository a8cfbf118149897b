"""Shipments: published by warehouse. Amounts of all shipments of an order sum exactly to the order's."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events.envelope import Event
from shared.events.order import Part
from shared.values.address import Address
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


class ShipmentStopped(Event):
    """A planned shipment will not leave."""

    type: ClassVar[str] = "shipment.stopped"
    order_id: OrderId
    shipment_id: ShipmentId
    reason: str
