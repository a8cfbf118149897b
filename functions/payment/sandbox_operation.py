"""What was done with the sandbox gateway's payments: captures, voids and refunds, each answered the same each time."""

from datetime import datetime
from typing import ClassVar, Literal

from functions.payment.gateway import Outcome
from functions.payment.sandbox_cards import CARDS
from functions.payment.sandbox_payment import SandboxPayment, never_seen
from shared.storage import Document, Transaction
from shared.values.clock import Timestamp
from shared.values.money import Money


class SandboxOperation(Document):
    """A capture, void or refund and its answer. `authorization` is the key of what it was done to."""

    collection: ClassVar[str] = "gateway_operations"

    key: str
    authorization: str
    status: Literal["captured", "voided", "refunded", "declined"]
    decline_code: str | None = None
    currency: str = ""
    amount_minor: int = 0
    refunded_minor: int = 0
    at: Timestamp

    def outcome(self) -> Outcome:
        """Answer the same each time."""
        amount = Money(self.currency, self.amount_minor) if self.currency else None
        return Outcome(self.status, amount, decline_code=self.decline_code)


def captured(tx: Transaction, key: str, authorization: str, amount: Money, now: datetime) -> SandboxOperation:
    """Take part of what is held, or say why not."""
    payment = tx.get(SandboxPayment, authorization)
    refusal = payment.capture_refusal(amount, now) if payment else "unknown_authorization"
    operation = SandboxOperation(
        key=key,
        authorization=authorization,
        status="declined" if refusal else "captured",
        decline_code=refusal,
        currency=amount.currency,
        amount_minor=amount.minor,
        at=now,
    )
    tx.create(operation)
    if payment is not None and not refusal:
        tx.put(payment.model_copy(update={"captured_minor": payment.captured_minor + amount.minor}))
    return operation


def voided(tx: Transaction, key: str, authorization: str, now: datetime) -> SandboxOperation:
    """Release what is left; what was never seen is refused from now on."""
    payment = tx.get(SandboxPayment, authorization) or never_seen(authorization, now)
    held = payment.status == "authorized" and payment.voided_at is None
    operation = SandboxOperation(
        key=key,
        authorization=authorization,
        status="voided",
        currency=payment.currency,
        amount_minor=payment.amount_minor - payment.captured_minor if held else 0,
        at=now,
    )
    tx.create(operation)
    tx.put(payment.model_copy(update={"voided_at": payment.voided_at or now}))
    return operation


def refunded(tx: Transaction, key: str, capture: str, amount: Money, now: datetime) -> SandboxOperation:
    """Give back part of a capture, or say why not."""
    taken = tx.get(SandboxOperation, capture)
    refusal = _refund_refusal(tx, taken, amount)
    operation = SandboxOperation(
        key=key,
        authorization=capture,
        status="declined" if refusal else "refunded",
        decline_code=refusal,
        currency=amount.currency,
        amount_minor=amount.minor,
        at=now,
    )
    tx.create(operation)
    if taken is not None and not refusal:
        tx.put(taken.model_copy(update={"refunded_minor": taken.refunded_minor + amount.minor}))
    return operation


def _refund_refusal(tx: Transaction, taken: SandboxOperation | None, amount: Money) -> str | None:
    if taken is None or taken.status != "captured":
        return "unknown_capture"
    if amount.currency != taken.currency:
        return "currency_mismatch"
    if not 0 < amount.minor <= taken.amount_minor - taken.refunded_minor:
        return "amount_exceeds_capture"
    payment = tx.get(SandboxPayment, taken.authorization)
    return CARDS[payment.token].refund_decline_code if payment else "unknown_authorization"
