"""GET /authorizations/{order_id}: how an order's authorization stands."""

from functions.payment.authorization import Authorization
from functions.payment.authorization_answer import AuthorizationAnswer, shown
from shared.errors import NotFound
from shared.storage import Database
from shared.values.identifiers import OrderId


def get_authorization(order_id: OrderId, db: Database) -> AuthorizationAnswer:
    """Return the authorization in whatever state; NotFound if this order was never heard of."""
    authorization = db.get(Authorization, order_id)
    if authorization is None:
        raise NotFound(f"nothing was authorized or voided for {order_id}")
    return shown(authorization)
