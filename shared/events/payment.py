"""Payments: published by payment."""

from typing import ClassVar

from shared.events.envelope import Event
from shared.events.priced_order import ExchangeRate
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


class PaymentPrepaid(Event):
    """An order came in with its payment taken already, by whoever took the order: `amount` lies with `gateway`."""

    type: ClassVar[str] = "payment.prepaid"
    order_id: OrderId
    payment_id: str
    amount: Money
    gateway: str
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class PaymentApplied(Event):
    """So much of what was prepaid pays for a shipment that left; no money moves."""

    type: ClassVar[str] = "payment.applied"
    order_id: OrderId
    shipment_id: ShipmentId
    amount: Money
    gateway: str


class PaymentOwedBack(Event):
    """So much of what was prepaid pays for nothing any more: a person gives it back at `gateway`, which took it.

    `cause` is the reduction it follows, or `cancelled`.
    """

    type: ClassVar[str] = "payment.owed_back"
    order_id: OrderId
    cause: str
    amount: Money
    gateway: str
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class PaymentRepaid(Event):
    """A person gave back at `gateway` what was owed back, under its number `reference`: that debt has ended.

    `cause` is that of payment.owed_back.
    """

    type: ClassVar[str] = "payment.repaid"
    order_id: OrderId
    cause: str
    amount: Money
    gateway: str
    reference: str
    by: str
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class PaymentCaptureFailed(Event):
    """The gateway refused a capture: the shipment left and is owed."""

    type: ClassVar[str] = "payment.capture_failed"
    order_id: OrderId
    shipment_id: ShipmentId
    amount: Money
    gateway: str
    decline_code: str


class PaymentReauthorized(Event):
    """An authorization that was running out was replaced by another of `amount`, until `expires_at`."""

    type: ClassVar[str] = "payment.reauthorized"
    order_id: OrderId
    payment_id: str
    amount: Money
    gateway: str
    expires_at: Timestamp


class PaymentExpired(Event):
    """What was authorized and not captured, `amount`, is held no more; the gateway would not hold it again."""

    type: ClassVar[str] = "payment.expired"
    order_id: OrderId
    payment_id: str
    amount: Money
    gateway: str


class PaymentRefunded(Event):
    """The gateway gave `amount` back to the customer for a return."""

    type: ClassVar[str] = "payment.refunded"
    order_id: OrderId
    return_id: str
    payment_id: str
    amount: Money
    gateway: str


class PaymentRefundFailed(Event):
    """The gateway refused a refund: the customer is owed `amount`."""

    type: ClassVar[str] = "payment.refund_failed"
    order_id: OrderId
    return_id: str
    amount: Money
    gateway: str
    decline_code: str


class PaymentChargedBack(Event):
    """The customer's bank took `amount` back; `fee` is what the gateway asks for it."""

    type: ClassVar[str] = "payment.charged_back"
    order_id: OrderId
    chargeback_id: str
    payment_id: str
    amount: Money
    fee: Money
    gateway: str
    reason: str


class PaymentPaidOut(Event):
    """The gateway paid to the bank: net = gross - fees, where fees are what it keeps of captures.

    gross = captures - refunds - chargebacks of the period, these with what payment.charged_back says they cost.

    `settled` is what arrived on the bank account, in the account's currency; it differs from `net` if that is another.
    """

    type: ClassVar[str] = "payment.paid_out"
    subject_field: ClassVar[str] = "payout_id"
    payout_id: str
    gateway: str
    gross: Money
    fees: Money
    net: Money
    settled: Money


class PaymentVoided(Event):
    """What was authorized and not captured, `amount`, is no longer held."""

    type: ClassVar[str] = "payment.voided"
    order_id: OrderId
    payment_id: str
    amount: Money
    gateway: str
