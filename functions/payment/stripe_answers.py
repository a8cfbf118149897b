"""What Stripe's objects and errors mean: pure rules from its JSON to outcomes.

PaymentIntent: https://docs.stripe.com/api/payment_intents/object; error codes: https://docs.stripe.com/error-codes;
amounts: https://docs.stripe.com/currencies#special-cases.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.payment.gateway import Check, Outcome, UnknownToken
from functions.payment.stripe_wire import Reply
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money

LIFETIME = timedelta(days=7)
TIMES_100 = ("ISK", "UGX")
"""Without minor units, yet Stripe wants them with two decimals."""
_CHECKS: dict[str, Check] = {"pass": "match", "fail": "mismatch"}
_CAPTURE_REFUSALS = {
    "amount_too_large": "amount_exceeds_authorization",
    "charge_expired_for_capture": "authorization_expired",
}
_UNEXPECTED_STATES = {
    "canceled": "authorization_voided",
    "succeeded": "amount_exceeds_authorization",
}
"""Why nothing can be captured of a PaymentIntent in this state; of any other: it is not authorized."""


def takes(currency: str) -> bool:
    """Whether amounts can be told to the last digit: of three decimals Stripe takes only those that end in 0."""
    return MINOR_DIGITS[currency] != 3


def units(amount: Money) -> str:
    """Return an amount in Stripe's units."""
    return str(amount.minor * 100 if amount.currency in TIMES_100 else amount.minor)


def money(currency: str, amount: int) -> Money:
    """Return what Stripe's units amount to."""
    code = currency.upper()
    return Money(code, amount // 100 if code in TIMES_100 else amount)


def authorized(reply: Reply) -> Outcome:
    """Read the answer to making a PaymentIntent; UnknownToken."""
    error = reply.error
    if error.get("code") == "resource_missing":
        raise UnknownToken
    if error:
        intent = error.get("payment_intent") or {}
        code = error.get("decline_code") or error.get("code") or "generic_decline"
        return Outcome("declined", decline_code=code, payment_id=intent.get("id"))
    return standing(reply.body)


def standing(intent: dict[str, Any]) -> Outcome:
    """Read how a PaymentIntent stands, with its last charge expanded."""
    amount, payment_id = money(intent["currency"], intent["amount"]), intent["id"]
    match intent["status"]:
        case "requires_action":
            action = intent["next_action"]["redirect_to_url"]["url"]
            expires = _moment(intent["created"]) + LIFETIME
            return Outcome("requires_action", amount, payment_id, expires, action_url=action)
        case "requires_capture" | "succeeded":
            card = _card(intent)
            checks = card.get("checks") or {}
            return Outcome(
                "authorized",
                amount,
                payment_id,
                _moment(card["capture_before"])
                if card.get("capture_before")
                else _moment(intent["created"]) + LIFETIME,
                avs=_CHECKS.get(checks.get("address_postal_code_check") or ""),
                cvc=_CHECKS.get(checks.get("cvc_check") or ""),
            )
        case "canceled":
            return Outcome("declined", decline_code="authorization_voided", payment_id=payment_id)
        case "processing":
            return Outcome("unknown")
    failure = intent.get("last_payment_error") or {}
    code = failure.get("decline_code") or failure.get("code") or "generic_decline"
    return Outcome("declined", decline_code=code, payment_id=payment_id)


def capture_refusal(reply: Reply) -> str | None:
    """Say why a capture was refused; None if it was not."""
    error = reply.error
    if not error:
        return None
    code = error.get("code") or ""
    if code == "payment_intent_unexpected_state":
        intent = error.get("payment_intent") or {}
        if intent.get("cancellation_reason") == "automatic":
            return "authorization_expired"
        return _UNEXPECTED_STATES.get(intent.get("status", ""), "not_authorized")
    return _CAPTURE_REFUSALS.get(code) or error.get("decline_code") or code or "capture_failed"


def released(reply: Reply, was_held: bool, currency: str) -> Money:
    """Return what a cancellation released: nothing if nothing was held, or if it was released before."""
    if reply.error or not was_held:
        return Money.zero(currency)
    return money(currency, reply.body["amount"] - reply.body["amount_received"])


def refund_refusal(reply: Reply) -> str | None:
    """Say why a refund was refused; None if it was not. A pending one is on its way."""
    error = reply.error
    if error.get("code") == "charge_already_refunded" or error.get("param") == "amount":
        return "amount_exceeds_capture"
    if error:
        return error.get("code") or "refund_failed"
    return None if reply.body["status"] in ("succeeded", "pending") else "refund_failed"


def _card(intent: dict[str, Any]) -> dict[str, Any]:
    charge = intent.get("latest_charge") or {}
    found: dict[str, Any] = (charge.get("payment_method_details") or {}).get("card") or {}
    return found


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
