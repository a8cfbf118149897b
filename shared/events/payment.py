"""Payments: published by payment."""

from typing import ClassVar

from shared.events.envelope import Event
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, ShipmentId
from shared.values.money import Money


class PaymentAuthorized(Event):
    """The gateway holds `amount` on the customer's card until `expires_at`."""

    type: ClassVar[str] = "payment.authorized"
    order_id: OrderId
    payment_id: str
    amount: Money
    gateway: str
    expires_at: Timestamp


class PaymentDeclined(Event):
    """The gateway refused to authorize."""

    type: ClassVar[str] = "payment.declined"
    order_id: OrderId
    amount: Money
    gateway: str
    decline_code: str


class PaymentCaptured(Event):
    """The gateway took `amount` for a shipment; it is on its way to the bank."""

    type: ClassVar[str] = "payment.captured"
    order_id: OrderId
    shipment_id: ShipmentId
    payment_id: str
    amount: Money
    gateway: str


class PaymentCaptureFailed(Event):
    """The gateway refused a capture: the shipment left and is owed."""

    type: ClassVar[str] = "payment.capture_failed"
    order_id: OrderId
    shipment_id: ShipmentId
    amount: Money
    gateway: str
    decline_code: str


class PaymentVoided(Event):
    """What was authorized and not captured, `amount`, is no longer held."""

    type: ClassVar[str] = "payment.voided"
    order_id: OrderId
    payment_id: str
    amount: Money
    gateway: str
