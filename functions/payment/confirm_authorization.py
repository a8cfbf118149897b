"""POST /authorizations/{order_id}/confirm: the customer has authenticated (3-D Secure); finish the authorization."""

from datetime import datetime

from functions.payment.authorization import Authorization, authorize_key
from functions.payment.authorization_answer import AuthorizationAnswer, answered
from functions.payment.gateway import Gateway, GatewayTimeout, GatewayUnavailable
from functions.payment.settlement import record_outcome
from shared.errors import InProgress, NotFound, PaymentUnavailable
from shared.http.models import Command
from shared.storage import Database
from shared.values.identifiers import OrderId


class ConfirmAuthorization(Command):
    """Nothing but the path is needed."""


def confirm_authorization(
    order_id: OrderId, command: ConfirmAuthorization, db: Database, gateway: Gateway, now: datetime
) -> AuthorizationAnswer:
    """Authorize what required action; PaymentDeclined, InProgress, StepCancelled, NotFound. A repeat is fine."""
    authorization = db.get(Authorization, order_id)
    if authorization is None:
        raise NotFound(f"nothing waits for confirmation for {order_id}")
    if authorization.state == "requires_action":
        authorization = _confirm(order_id, db, gateway, now)
    return answered(authorization)


def _confirm(order_id: str, db: Database, gateway: Gateway, now: datetime) -> Authorization:
    """Confirm; the intent is the state itself: until the result is written, a repeat confirms under the same key."""
    try:
        outcome = gateway.confirm(f"{order_id}.confirm", authorize_key(order_id), now)
    except GatewayTimeout:
        raise InProgress(retry_after=3) from None
    except GatewayUnavailable:
        raise PaymentUnavailable from None
    return record_outcome(db, order_id, outcome, now, ("requires_action",))
