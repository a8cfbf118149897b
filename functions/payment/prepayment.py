"""What an order brought with it: money that another checkout had taken, and how much of it pays for which shipment."""

from datetime import datetime
from typing import ClassVar

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from shared.errors import Undeliverable
from shared.events.payment import PaymentApplied
from shared.events.shipment import ShipmentDispatched
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money

TAKEN_ELSEWHERE = "taken_elsewhere"
"""Why our gateway can't give money back: it never had it."""


class Prepayment(Document):
    """An order's payment as it was taken by `gateway`; written once."""

    collection: ClassVar[str] = "prepayments"
    key_field: ClassVar[str] = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("currency", "prepaid_at", sums=("amount_minor",)),)

    order_id: OrderId
    gateway: str
    payment_id: str
    currency: str
    amount_minor: int
    prepaid_at: Timestamp


def applied(tx: Transaction, authorization: Authorization, event: ShipmentDispatched, now: datetime) -> Capture:
    """Write that a shipment is paid for by what was prepaid, never by more than is left of it (Undeliverable)."""
    left = Money(authorization.currency or "", authorization.left)
    if event.total.currency != left.currency or not 0 < event.total.minor <= left.minor:
        raise Undeliverable(
            f"shipment {event.shipment_id} is worth {event.total.amount} {event.total.currency}; "
            f"of what was prepaid {left.minor} minor units of {left.currency} are left"
        )
    capture = Capture(
        shipment_id=event.shipment_id,
        order_id=event.order_id,
        state="captured",
        currency=event.total.currency,
        amount_minor=event.total.minor,
        asked_at=now,
        prepaid=True,
    )
    tx.put(capture)
    tx.put(authorization.model_copy(update={"captured_minor": authorization.captured_minor + event.total.minor}))
    tx.emit(
        PaymentApplied(
            order_id=event.order_id,
            shipment_id=event.shipment_id,
            amount=event.total,
            gateway=authorization.gateway,
        ),
        now,
    )
    return capture
