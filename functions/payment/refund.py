"""What is given back for a return: the document, and from which captures it comes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from functions.payment.capture import Capture
from functions.payment.prepayment import TAKEN_ELSEWHERE
from functions.payment.recovery import asked_again_at, attempt_key
from shared.events.envelope import Event
from shared.events.payment import PaymentRefunded, PaymentRefundFailed
from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId, ShipmentId
from shared.values.money import Money

NOT_CAPTURED = "amount_exceeds_captured"
"""Why a refund fails that is worth more than what was taken and not given back yet."""


class RefundPart(BaseModel):
    """What comes from one capture: `capture_key` is the gateway's key of it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    shipment_id: ShipmentId
    capture_key: str
    amount_minor: int
    refunded: bool = False


class Refund(Document):
    """A return's refund: `refunding` until the gateway has given back all its parts.

    `failed`: refused, and asked for again at `asked_at`; `owed`: refused so often that a person must see to it, or
    another checkout took it. Without parts it waits for captures to come from. `reference` is that checkout's number
    of what a person gave back there.
    """

    collection: ClassVar[str] = "refunds"
    key_field: ClassVar[str] = "return_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("state", "asked_at"),
        Index("order_id", "asked_at"),
        Index("currency", "refunded_at", sums=("amount_minor",)),
    )

    return_id: str
    order_id: OrderId
    gateway: str
    payment_id: str
    state: Literal["refunding", "refunded", "failed", "owed"] = "refunding"
    currency: str
    amount_minor: int
    wanted: dict[str, int] = {}
    """What the returned lines of each shipment are worth, minor units; shipping is in none of them."""
    parts: tuple[RefundPart, ...] = ()
    asked_at: Timestamp
    attempts: int = 1
    refunded_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    decline_code: str | None = None
    reference: str | None = None
    repaid_by: str | None = None

    @property
    def amount(self) -> Money:
        """What the return is worth."""
        return Money(self.currency, self.amount_minor)

    def money(self, part: RefundPart) -> Money:
        """Return what a part is worth."""
        return Money(self.currency, part.amount_minor)

    def key(self, part: RefundPart) -> str:
        """Return the gateway's key of a part's last attempt."""
        return attempt_key(f"{self.return_id}.{part.shipment_id}", self.attempts)


def spread(total: int, wanted: Mapping[str, int], captures: Sequence[Capture]) -> tuple[RefundPart, ...] | None:
    """Take `total` from captures: of each shipment's what its lines are worth, and shipping from any, in their order.

    Never more of one than was taken and not given back. None if that is not enough: what a shipment was not paid for is
    not refunded from another.
    """
    there = {each.shipment_id: room(each) for each in captures}
    taken = {shipment: wanted.get(shipment, 0) for shipment in there}
    rest = total - sum(taken.values())
    for shipment, left in there.items():
        more = max(0, min(rest, left - taken[shipment]))
        taken[shipment] += more
        rest -= more
    if rest or any(taken[shipment] > left for shipment, left in there.items()):
        return None
    return tuple(
        RefundPart(shipment_id=each.shipment_id, capture_key=each.key, amount_minor=taken[each.shipment_id])
        for each in captures
        if taken[each.shipment_id]
    )


def room(capture: Capture) -> int:
    """Return what was taken and neither given back nor charged back, minor units."""
    if capture.state != "captured":
        return 0
    return max(0, capture.amount_minor - capture.refunded_minor - capture.charged_back_minor)


def ended(refund: Refund, given: Mapping[str, str | None], now: datetime) -> tuple[Refund, Event | None]:
    """Apply the gateway's answers: by shipment, None for refunded or the decline code. Also the event that tells of it.

    That a refund failed is told once, however often it is asked for again.
    """
    parts = tuple(
        part.model_copy(update={"refunded": part.refunded or given.get(part.shipment_id, "") is None})
        for part in refund.parts
    )
    if all(part.refunded for part in parts):
        after = refund.model_copy(update={"state": "refunded", "refunded_at": now, "parts": parts})
        return after, _refunded(after)
    return failed(refund.model_copy(update={"parts": parts}), next(filter(None, given.values()), None), now)


def failed(refund: Refund, decline_code: str | None, now: datetime) -> tuple[Refund, Event | None]:
    """Note a refusal and when it is asked for again, if that is not a person's turn."""
    due = None if decline_code == TAKEN_ELSEWHERE else asked_again_at(refund.attempts, now)
    after = refund.model_copy(
        update={
            "state": "failed" if due else "owed",
            "asked_at": due or refund.asked_at,
            "failed_at": now,
            "decline_code": decline_code or "generic_decline",
        }
    )
    return after, _failed(after) if refund.attempts == 1 else None


def repaid_elsewhere(refund: Refund, reference: str, by: str, now: datetime) -> tuple[Refund, PaymentRefunded]:
    """Return a refund that a person gave where another checkout had taken the money, and the event that tells of it."""
    done = {"state": "refunded", "refunded_at": now, "reference": reference, "repaid_by": by}
    after = refund.model_copy(update=done)
    return after, _refunded(after)


def _refunded(refund: Refund) -> PaymentRefunded:
    return PaymentRefunded(
        order_id=refund.order_id,
        return_id=refund.return_id,
        payment_id=refund.payment_id,
        amount=refund.amount,
        gateway=refund.gateway,
    )


def _failed(refund: Refund) -> PaymentRefundFailed:
    return PaymentRefundFailed(
        order_id=refund.order_id,
        return_id=refund.return_id,
        amount=refund.amount,
        gateway=refund.gateway,
        decline_code=refund.decline_code or "generic_decline",
    )
