"""What an order brought with it: money that another checkout had taken, and what becomes of it.

It pays for shipments; what pays for none is owed back, by a person, where it was taken: ours never had it.
"""

from datetime import datetime
from typing import ClassVar, Literal

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from shared.errors import Undeliverable
from shared.events.payment import PaymentApplied, PaymentOwedBack, PaymentRepaid
from shared.events.priced_order import ExchangeRate
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
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None


class OwedBack(Document):
    """A part of a prepayment that pays for nothing any more, by what took it out of the order.

    `owed` until a person says that it was given back, by whom and under which number of the gateway that took it.
    """

    collection: ClassVar[str] = "owed_back"
    key_field: ClassVar[str] = "owed_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("order_id", "owed_at"),
        Index("state", "owed_at"),
        Index("currency", "owed_at", sums=("amount_minor",)),
        Index("currency", "repaid_at", sums=("amount_minor",)),
    )

    owed_id: str
    order_id: OrderId
    state: Literal["owed", "repaid"] = "owed"
    currency: str
    amount_minor: int
    owed_at: Timestamp
    repaid_at: Timestamp | None = None
    reference: str | None = None
    repaid_by: str | None = None

    @property
    def cause(self) -> str:
        """What took it out of the order: a reduction, or `cancelled`."""
        return self.owed_id.removeprefix(owed_id(self.order_id, ""))

    @property
    def amount(self) -> Money:
        """What is owed."""
        return Money(self.currency, self.amount_minor)


def owed_id(order_id: str, cause: str) -> str:
    """Return the key of what is owed of an order for a cause."""
    return f"{order_id}.{cause}"


def owe_back(tx: Transaction, authorization: Authorization, minor: int, cause: str, now: datetime) -> None:
    """Write and tell that so many minor units are owed back, once for each cause; nothing for none."""
    key = owed_id(authorization.order_id, cause)
    prepayment = tx.get(Prepayment, authorization.order_id)
    if prepayment is None or minor <= 0 or tx.get(OwedBack, key) is not None:
        return
    amount = Money(prepayment.currency, minor)
    tx.create(
        OwedBack(owed_id=key, order_id=prepayment.order_id, currency=amount.currency, amount_minor=minor, owed_at=now)
    )
    tx.emit(
        PaymentOwedBack(
            order_id=prepayment.order_id,
            cause=cause,
            amount=amount,
            gateway=prepayment.gateway,
            seller=prepayment.seller,
            exchange_rate=prepayment.exchange_rate,
        ),
        now,
    )


def repaid(
    prepayment: Prepayment, owed: OwedBack, reference: str, by: str, now: datetime
) -> tuple[OwedBack, PaymentRepaid]:
    """Return a debt that has ended, and the event that tells of it."""
    after = owed.model_copy(update={"state": "repaid", "repaid_at": now, "reference": reference, "repaid_by": by})
    event = PaymentRepaid(
        order_id=owed.order_id,
        cause=owed.cause,
        amount=owed.amount,
        gateway=prepayment.gateway,
        reference=reference,
        by=by,
        seller=prepayment.seller,
        exchange_rate=prepayment.exchange_rate,
    )
    return after, event


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
