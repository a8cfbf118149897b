"""An authorization as callers see it, and what whoever asked to authorize is told."""

from typing import Literal

from functions.payment.authorization import Authorization, State
from functions.payment.gateway import Check
from shared.errors import InProgress, PaymentDeclined, StepCancelled
from shared.http.models import Answer
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class NextAction(Answer):
    """What the customer must do: go to this address and authenticate."""

    type: Literal["redirect"] = "redirect"
    url: str


class AuthorizationAnswer(Answer):
    """An authorization, as callers see it.

    `avs` and `cvc` are what the issuer said of the billing address and the card's security code, if it was asked: money
    is held whatever they are, and it is the caller's to decide what a mismatch means.
    """

    order_id: OrderId
    payment_id: str | None
    status: State
    amount: Money | None
    captured: Money | None
    expires_at: Timestamp | None
    next_action: NextAction | None = None
    decline_code: str | None = None
    avs: Check | None = None
    cvc: Check | None = None


def shown(authorization: Authorization) -> AuthorizationAnswer:
    """Return an authorization as callers see it, whatever its state."""
    waits = authorization.state == "requires_action" and authorization.action_url
    currency = authorization.currency
    return AuthorizationAnswer(
        order_id=authorization.order_id,
        payment_id=authorization.payment_id,
        status=authorization.state,
        amount=authorization.amount,
        captured=Money(currency, authorization.captured_minor) if currency else None,
        expires_at=authorization.expires_at,
        next_action=NextAction(url=authorization.action_url) if waits and authorization.action_url else None,
        decline_code=authorization.decline_code,
        avs=authorization.avs,
        cvc=authorization.cvc,
    )


def answered(authorization: Authorization) -> AuthorizationAnswer:
    """Answer whoever asked to authorize: PaymentDeclined, StepCancelled, or InProgress while nobody knows."""
    match authorization.state:
        case "declined":
            raise PaymentDeclined("The card was declined.", decline_code=authorization.decline_code)
        case "voiding" | "voided" | "cancelled":
            raise StepCancelled(f"The payment of {authorization.order_id} was voided before it was authorized.")
        case "asking" | "open":
            raise InProgress("The gateway has not said yet how the authorization ended.")
    return shown(authorization)
