"""The documents: a shipment with its worth and its way, and the plan of an order that serialises all decisions."""

from datetime import datetime
from typing import Literal

from functions.warehouse.parcels import Fulfilment, Parcel
from shared.events.priced_order import Delivery, ExchangeRate
from shared.events.shipment import ShipmentDelivered, ShipmentLine, ShipmentPlanned, ShipmentStopped
from shared.http.models import Answer
from shared.storage import Document, Index, Transaction
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, ShipmentId
from shared.values.money import Money
from shared.values.personal import Email, PersonalText

ShipmentStatus = Literal["planned", "dispatched", "delivered", "stopped"]


class OrderPlan(Document):
    """What became of an order here. `stopped` without shipments is a tombstone: nothing will be planned."""

    collection = "plans"
    key_field = "order_id"

    order_id: str
    shipment_ids: tuple[str, ...] = ()
    stopped: bool = False
    reason: str | None = None
    by: str | None = None


class Shipment(Document):
    """One shipment from one location. `total_minor` is `total` in minor units, for control totals.

    `piece_g` is what one piece of each SKU weighs; `picked` what a picker found of each; `sscc` numbers the parcels, in
    their order, once they are packed. `asking` counts short picks of which the owner of the goods has not said what
    becomes of them; `awaiting` pieces, all of a back-order's, are not there yet. `booking` is there once a carrier was
    asked to take it. Each time is that of the event that says so.
    """

    collection = "shipments"
    key_field = "shipment_id"
    indexes = (
        Index("order_id", "number"),
        Index("location", "status", "planned_at"),
        Index("status", "planned_at"),
        Index("planned_at"),
        Index("currency", "dispatched_at", sums=("total_minor",)),
        Index("delivered_at"),
        Index("tracking_number"),
    )

    shipment_id: str
    order_id: str
    number: int
    status: ShipmentStatus = "planned"
    fulfilment: Fulfilment
    location: str
    lines: tuple[ShipmentLine, ...]
    parcels: tuple[Parcel, ...]
    goods_net: Money
    goods_tax: Money
    shipping_net: Money
    shipping_tax: Money
    total: Money
    currency: str
    total_minor: int
    customer_id: str
    email: Email
    first_name: PersonalText
    last_name: PersonalText | None = None
    shipping_address: Address
    shipping_jurisdiction: str | None = None
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    piece_g: dict[str, int] = {}
    picked: dict[str, int] | None = None
    picked_by: str | None = None
    picked_at: Timestamp | None = None
    packed_by: str | None = None
    packed_at: Timestamp | None = None
    sscc: tuple[str, ...] = ()
    asking: int = 0
    awaiting: int = 0
    delivery: Delivery | None = None
    booking: Literal["asking", "booked"] | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    label_url: str | None = None
    planned_at: Timestamp
    dispatched_at: Timestamp | None = None
    delivered_at: Timestamp | None = None
    stopped_at: Timestamp | None = None


class ShipmentAnswer(Answer):
    """A shipment as it is shown; who it goes to is not."""

    shipment_id: ShipmentId
    order_id: OrderId
    status: ShipmentStatus
    fulfilment: Fulfilment
    location: str
    parcels: tuple[Parcel, ...]
    lines: tuple[ShipmentLine, ...]
    goods_net: Money
    goods_tax: Money
    shipping_net: Money
    shipping_tax: Money
    total: Money
    delivery: Delivery | None = None
    booking: Literal["asking", "booked"] | None = None
    carrier: str | None = None
    tracking_number: str | None = None
    label_url: str | None = None
    picked_by: str | None = None
    picked_at: Timestamp | None = None
    packed_by: str | None = None
    packed_at: Timestamp | None = None
    sscc: tuple[str, ...] = ()
    asking: int = 0
    awaiting: int = 0
    planned_at: Timestamp
    dispatched_at: Timestamp | None = None
    delivered_at: Timestamp | None = None
    stopped_at: Timestamp | None = None


def shown(shipment: Shipment) -> ShipmentAnswer:
    """Return the answer for a shipment."""
    return ShipmentAnswer.model_validate(shipment, from_attributes=True)


def shipment_id_of(order_id: str, number: int) -> str:
    """Return the natural key of an order's shipment: `shp_01JD…-1`."""
    return f"shp_{order_id.removeprefix('ord_')}-{number}"


def planned_event(shipment: Shipment) -> ShipmentPlanned:
    """Return the event that tells of a planned shipment."""
    return ShipmentPlanned(
        order_id=shipment.order_id,
        shipment_id=shipment.shipment_id,
        fulfilment=shipment.fulfilment,
        location=shipment.location,
        lines=shipment.lines,
        parcels=len(shipment.parcels),
        total=shipment.total,
    )


def stop(tx: Transaction, shipment: Shipment, reason: str, now: datetime) -> None:
    """Stop a planned shipment: nothing of it will leave as this shipment."""
    shipment.status, shipment.stopped_at, shipment.awaiting = "stopped", now, 0
    tx.put(shipment)
    tx.emit(ShipmentStopped(order_id=shipment.order_id, shipment_id=shipment.shipment_id, reason=reason), now)


def deliver(tx: Transaction, shipment: Shipment, now: datetime) -> None:
    """Deliver a dispatched shipment: control of the goods passes to the customer."""
    shipment.status, shipment.delivered_at = "delivered", now
    tx.put(shipment)
    tx.emit(ShipmentDelivered.model_validate(shipment, from_attributes=True), now)
