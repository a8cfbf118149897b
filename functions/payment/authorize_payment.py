"""POST /authorizations: hold an order's total on the customer's card. Keyed by order: a repeat moves nothing twice."""

from datetime import datetime

from pydantic import Field

from functions.payment.authorization import Authorization, authorize_key
from functions.payment.authorization_answer import AuthorizationAnswer, answered
from functions.payment.gateway import Gateway, GatewayTimeout, GatewayUnavailable, UnknownToken
from functions.payment.settlement import record_outcome, reopen
from shared.errors import CardNumberRefused, InProgress, Invalid, PaymentUnavailable
from shared.http.models import Command
from shared.storage import Database, Transaction
from shared.values.card_number import looks_like_card_number
from shared.values.identifiers import OrderId
from shared.values.money import Money
from shared.values.personal import Email, PersonalText

ASK_AGAIN_S = 3


class AuthorizePayment(Command):
    """What to hold, and on which card."""

    order_id: OrderId
    token: PersonalText = Field(min_length=1, max_length=200)
    email: Email
    amount: Money


def authorize_payment(command: AuthorizePayment, db: Database, gateway: Gateway, now: datetime) -> AuthorizationAnswer:
    """Authorize, or say how it ended: PaymentDeclined, PaymentUnavailable (nothing held), InProgress, StepCancelled."""
    if looks_like_card_number(command.token):
        raise CardNumberRefused
    if command.amount.minor <= 0:
        raise Invalid(("amount", "expected more than nothing"))
    fresh, authorization = db.transact(lambda tx: _intend(tx, command, gateway.name, now))
    if authorization.state == "asking":
        authorization = _ask(command, db, gateway, now, fresh)
    return answered(authorization)


def _intend(tx: Transaction, command: AuthorizePayment, gateway: str, now: datetime) -> tuple[bool, Authorization]:
    """Return whether the gateway is to be asked for the first time, and the authorization."""
    known = tx.get(Authorization, command.order_id)
    if known is not None and known.amount not in (None, command.amount):
        raise Invalid(("amount", "expected what was asked for this order before"))
    if known is not None and known.state != "open":
        return False, known
    authorization = Authorization(
        order_id=command.order_id,
        state="asking",
        gateway=gateway,
        asked_at=now,
        currency=command.amount.currency,
        amount_minor=command.amount.minor,
    )
    tx.put(authorization)
    return True, authorization


def _ask(command: AuthorizePayment, db: Database, gateway: Gateway, now: datetime, fresh: bool) -> Authorization:
    """Ask the gateway, first for the outcome of an earlier attempt; the key makes a second asking harmless."""
    key = authorize_key(command.order_id)
    try:
        outcome = None if fresh else gateway.outcome(key, now)
        if outcome is not None and outcome.status == "unknown":
            raise GatewayTimeout
        if outcome is None or outcome.status == "none":
            outcome = gateway.authorize(key, command.token, command.amount, now)
    except GatewayTimeout:
        raise InProgress("The gateway has not said yet how the authorization ended.", retry_after=ASK_AGAIN_S) from None
    except UnknownToken:
        reopen(db, command.order_id)
        raise Invalid(("payment.token", "expected a token that the gateway gave out")) from None
    except GatewayUnavailable:
        if reopen(db, command.order_id).state == "open":
            raise PaymentUnavailable from None
        raise InProgress(retry_after=ASK_AGAIN_S) from None
    return record_outcome(db, command.order_id, outcome, now)
