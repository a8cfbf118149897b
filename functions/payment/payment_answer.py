"""One movement on a customer's card, or an attempt at one, as callers see it."""

from typing import Literal

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.chargeback import Chargeback
from functions.payment.prepayment import TAKEN_ELSEWHERE, OwedBack
from functions.payment.refund import Refund
from shared.http.models import Answer
from shared.values.clock import Timestamp
from shared.values.money import Money


class PaymentAnswer(Answer):
    """One movement or attempt; `at` is when it came into this status, `retry_at` when a refused one is asked again.

    A capture or refund is `failed` while it is asked again by itself, and `owed` when that is a person's turn. `cause`
    is what took out of the order what another checkout had charged.
    """

    type: Literal["authorization", "capture", "void", "refund", "chargeback"]
    amount: Money
    status: str
    at: Timestamp
    shipment_id: str | None = None
    return_id: str | None = None
    cause: str | None = None
    decline_code: str | None = None
    retry_at: Timestamp | None = None


def of_authorization(held: Authorization) -> list[PaymentAnswer]:
    """Return an authorization and its void; one that is captured wholly shows what it was."""
    if held.amount is None:
        return []
    if held.state in ("prepaid", "owed_back"):
        return _prepaid(held, held.amount)
    asked = PaymentAnswer(
        type="authorization",
        amount=held.amount,
        status="authorized" if held.state == "captured" else held.state,
        at=held.authorized_at or held.ended_at or held.asked_at,
        decline_code=held.decline_code,
    )
    if held.voided_at is None or not held.voided_minor:
        return [asked]
    freed = Money(held.amount.currency, held.voided_minor)
    return [asked, PaymentAnswer(type="void", amount=freed, status="voided", at=held.voided_at)]


def _prepaid(held: Authorization, amount: Money) -> list[PaymentAnswer]:
    """Return what another checkout took, whole."""
    return [PaymentAnswer(type="capture", amount=amount, status="captured", at=held.asked_at)]


def of_owed_back(owed: OwedBack) -> PaymentAnswer:
    """Return what a person is to give back, where another checkout took it."""
    is_repaid = owed.repaid_at is not None
    return PaymentAnswer(
        type="refund",
        amount=owed.amount,
        status="refunded" if is_repaid else "owed",
        at=owed.repaid_at or owed.owed_at,
        cause=owed.cause,
        decline_code=None if is_repaid else TAKEN_ELSEWHERE,
    )


def of_capture(capture: Capture) -> PaymentAnswer:
    """Return a shipment's capture."""
    return PaymentAnswer(
        type="capture",
        amount=capture.amount,
        status=capture.state,
        at=capture.captured_at or capture.failed_at or capture.asked_at,
        shipment_id=capture.shipment_id,
        decline_code=None if capture.state == "captured" else capture.decline_code,
        retry_at=capture.asked_at if capture.state == "failed" else None,
    )


def of_refund(refund: Refund) -> PaymentAnswer:
    """Return a return's refund."""
    return PaymentAnswer(
        type="refund",
        amount=refund.amount,
        status=refund.state,
        at=refund.refunded_at or refund.failed_at or refund.asked_at,
        return_id=refund.return_id,
        decline_code=None if refund.state == "refunded" else refund.decline_code,
        retry_at=refund.asked_at if refund.state == "failed" else None,
    )


def of_chargeback(chargeback: Chargeback) -> PaymentAnswer:
    """Return what the customer's bank took back."""
    return PaymentAnswer(
        type="chargeback",
        amount=chargeback.amount,
        status="charged_back",
        at=chargeback.charged_back_at,
        decline_code=chargeback.reason,
    )
