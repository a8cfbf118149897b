"""What is taken of an authorization when a shipment leaves: the document and its states."""

from datetime import datetime
from typing import ClassVar, Literal

from functions.payment.authorization import Authorization, authorize_key, concluded
from functions.payment.gateway import Outcome
from functions.payment.recovery import asked_again_at, attempt_key
from shared.errors import Unavailable, Undeliverable
from shared.events.envelope import Event
from shared.events.payment import PaymentCaptured, PaymentCaptureFailed
from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, ShipmentId
from shared.values.money import Money


class Capture(Document):
    """A shipment's capture: `capturing` until the gateway has said whether it took the amount.

    `failed`: refused, and asked for again at `asked_at`; `owed`: refused so often that a person must see to it.
    """

    collection: ClassVar[str] = "captures"
    key_field: ClassVar[str] = "shipment_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("state", "asked_at"),
        Index("order_id", "asked_at"),
        Index("currency", "captured_at", sums=("amount_minor",)),
    )

    shipment_id: ShipmentId
    order_id: OrderId
    state: Literal["capturing", "captured", "failed", "owed"] = "capturing"
    currency: str
    amount_minor: int
    asked_at: Timestamp
    """When the gateway was asked; of a failed capture: when it is to be asked next."""
    attempts: int = 1
    renewed_as: str | None = None
    """The key of the authorization it is taken of, if that is not the order's first."""
    refunded_minor: int = 0
    """What was given back or is to be, and no other return may claim."""
    charged_back_minor: int = 0
    captured_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    decline_code: str | None = None
    prepaid: bool = False
    """Paid for by what the order brought with it: no gateway of ours was asked, and `captured_at` stays empty."""

    @property
    def amount(self) -> Money:
        """What the shipment is worth."""
        return Money(self.currency, self.amount_minor)

    @property
    def key(self) -> str:
        """The gateway's key of the last attempt: a repeat of one attempt takes nothing twice."""
        return attempt_key(self.shipment_id, self.attempts)

    @property
    def authorization_key(self) -> str:
        """The gateway's key of the authorization it is taken of."""
        return self.renewed_as or authorize_key(self.order_id)


def begun(authorization: Authorization | None, shipment_id: str, amount: Money, now: datetime) -> Capture:
    """Return the capture of a shipment; Unavailable before it is authorized, Undeliverable if it never can be.

    An order that payment never heard of never can be: authorizing comes before `order.confirmed`, and that before this.
    """
    if authorization is None:
        raise Undeliverable(f"shipment {shipment_id} left, but its order's payment was never asked for")
    if authorization.state in ("asking", "open", "requires_action", "renewing"):
        raise Unavailable(f"the payment for shipment {shipment_id} is not authorized yet")
    _check(authorization, shipment_id, amount)
    return Capture(
        shipment_id=shipment_id,
        order_id=authorization.order_id,
        currency=amount.currency,
        amount_minor=amount.minor,
        asked_at=now,
        renewed_as=authorization.renewed_as,
    )


def _check(authorization: Authorization, shipment_id: str, amount: Money) -> None:
    if authorization.authorized_at is None:
        raise Undeliverable(f"shipment {shipment_id} left, but {authorization.order_id} was never authorized")
    if amount.currency != authorization.currency:
        raise Undeliverable(f"shipment {shipment_id} is in {amount.currency}, authorized in {authorization.currency}")
    if not 0 < amount.minor <= authorization.left:
        left = Money(amount.currency, authorization.left)
        raise Undeliverable(
            f"shipment {shipment_id} is worth {amount.amount} {amount.currency}; "
            f"{left.amount} of the authorization of {authorization.order_id} are left"
        )


def ended(
    capture: Capture, authorization: Authorization, outcome: Outcome, now: datetime
) -> tuple[Capture, Authorization, Event | None]:
    """Apply the gateway's answer to a capture and to its authorization; also the event that tells of it.

    That a capture failed is told once, however often it is asked for again.
    """
    rest = {"capturing_minor": authorization.capturing_minor - capture.amount_minor}
    if outcome.status == "captured":
        after = capture.model_copy(update={"state": "captured", "captured_at": now})
        rest["captured_minor"] = authorization.captured_minor + capture.amount_minor
    else:
        due = asked_again_at(capture.attempts, now)
        failed = {"failed_at": now, "decline_code": outcome.decline_code, "asked_at": due or capture.asked_at}
        after = capture.model_copy(update={"state": "failed" if due else "owed", **failed})
    return after, concluded(authorization.model_copy(update=rest)), _event(after, authorization)


def _event(capture: Capture, authorization: Authorization) -> Event | None:
    if capture.state != "captured" and capture.attempts > 1:
        return None
    if capture.state != "captured":
        return PaymentCaptureFailed(
            order_id=capture.order_id,
            shipment_id=capture.shipment_id,
            amount=capture.amount,
            gateway=authorization.gateway,
            decline_code=capture.decline_code or "generic_decline",
        )
    return PaymentCaptured(
        order_id=capture.order_id,
        shipment_id=capture.shipment_id,
        payment_id=authorization.payment_id or "",
        amount=capture.amount,
        gateway=authorization.gateway,
    )
