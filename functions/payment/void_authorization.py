"""POST /authorizations/{order_id}/void: release what is held for an order and not captured."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from functions.payment.gateway import Gateway
from functions.payment.voiding import void
from shared.http.models import Answer, Command
from shared.storage import Database
from shared.values.identifiers import OrderId


class VoidAuthorization(Command):
    """Why nothing is to be held."""

    reason: str = Field(min_length=1, max_length=200)


class VoidAnswer(Answer):
    """`voided`: nothing is held but what was captured. `voiding`: so it will be, once the gateway has answered."""

    order_id: OrderId
    status: Literal["voided", "voiding"]


def void_authorization(
    order_id: OrderId, command: VoidAuthorization, db: Database, gateway: Gateway, now: datetime
) -> VoidAnswer:
    """Void; an unknown order leaves a tombstone that refuses the authorization when it comes. A repeat is fine."""
    authorization = void(db, gateway, order_id, command.reason, now)
    return VoidAnswer(order_id=order_id, status="voiding" if authorization.state == "voiding" else "voided")
