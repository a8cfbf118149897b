"""Voiding an order's authorization: the intent, and what to do at once."""

import logging
from collections.abc import Callable
from datetime import datetime

from functions.payment.authorization import Authorization
from functions.payment.gateway import Gateway
from functions.payment.prepayment import owe_back
from functions.payment.settlement import void_soon
from shared.errors import Unavailable
from shared.storage import Database, Transaction

log = logging.getLogger(__name__)
CANCELLED = "cancelled"
HOLDS_OR_MAY_HOLD = ("asking", "open", "requires_action", "authorized")


def void(
    db: Database,
    gateway: Gateway,
    order_id: str,
    reason: str,
    now: datetime,
    also: Callable[[Transaction], None] | None = None,
) -> Authorization:
    """Void what is not captured; an unknown order leaves a tombstone. `also` is written with the intent.

    From the intent on the void is certain: if the gateway is silent, it stays `voiding` and the sweep goes on.
    Unavailable for the moment in which the authorization is being renewed.
    """

    def work(tx: Transaction) -> Authorization:
        authorization = _intended(tx, gateway.name, order_id, reason, now)
        if also:
            also(tx)
        return authorization

    authorization = db.transact(work)
    return void_soon(db, gateway, authorization, now) if authorization.state == "voiding" else authorization


def _intended(tx: Transaction, gateway: str, order_id: str, reason: str, now: datetime) -> Authorization:
    known = tx.get(Authorization, order_id)
    if known is None:
        tombstone = Authorization(
            order_id=order_id, state="cancelled", gateway=gateway, asked_at=now, ended_at=now, void_reason=reason
        )
        tx.put(tombstone)
        return tombstone
    if known.state == "renewing":
        raise Unavailable(f"the authorization of {order_id} is being renewed")
    if known.state == "prepaid":  # our gateway holds nothing: whoever took it gives it back
        log.warning("%s was prepaid to %s and is owed back", order_id, known.gateway)
        owe_back(tx, known, known.left, CANCELLED, now)
        known = known.changed("owed_back", void_reason=reason, ended_at=now)
        tx.put(known)
        return known
    if known.state not in HOLDS_OR_MAY_HOLD or (
        known.state == "authorized" and known.left == 0 and not known.reductions
    ):
        return known
    voiding = known.changed("voiding", void_reason=reason)
    tx.put(voiding)
    return voiding
