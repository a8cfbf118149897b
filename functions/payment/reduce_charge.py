"""order.reduced: what will not leave is not captured, and the rest is released once all that leaves is captured.

Of what another checkout had taken, it is owed back.
"""

from datetime import datetime

from functions.payment.authorization import Authorization, concluded
from functions.payment.gateway import Gateway
from functions.payment.prepayment import owe_back
from functions.payment.settlement import void_soon
from shared.errors import Unavailable, Undeliverable
from shared.events.order import OrderReduced
from shared.http.models import Receipt
from shared.storage import Database, Transaction
from shared.values.money import Money


def reduce_charge(event: OrderReduced, db: Database, gateway: Gateway, receipt: Receipt, now: datetime) -> None:
    """Note a reduction once, never more than is neither captured nor reduced (Undeliverable).

    Void the rest when captured + reduced = authorized and nothing is being captured; the last capture does the same.
    Unavailable, so that the event comes again, while the outcome of authorizing is not known.
    """

    def work(tx: Transaction) -> Authorization:
        authorization = _reduced(tx.get(Authorization, event.order_id), event)
        if authorization.state == "prepaid":
            owe_back(tx, authorization, event.total.minor, event.reduction_id, now)
        tx.put(authorization)
        receipt.record(tx)
        return authorization

    authorization = db.transact(work)
    if authorization.state == "voiding":
        void_soon(db, gateway, authorization, now)


def _reduced(authorization: Authorization | None, event: OrderReduced) -> Authorization:
    if authorization is None:
        raise Undeliverable(f"{event.order_id} is reduced, but its payment was never asked for")
    if authorization.state in ("asking", "open", "requires_action", "renewing"):
        raise Unavailable(f"the payment of {event.order_id} is not authorized yet")
    if event.reduction_id in authorization.reductions:
        return authorization
    if authorization.currency is not None:
        _check(authorization, event)
    reductions = {**authorization.reductions, event.reduction_id: event.total.minor}
    return concluded(authorization.model_copy(update={"reductions": reductions}))


def _check(authorization: Authorization, event: OrderReduced) -> None:
    if event.total.currency != authorization.currency:
        raise Undeliverable(f"{event.reduction_id} is in {event.total.currency}, not in {authorization.currency}")
    if not 0 <= event.total.minor <= authorization.left:
        left = Money(event.total.currency, authorization.left)
        raise Undeliverable(
            f"{event.reduction_id} is worth {event.total.amount} {event.total.currency}; "
            f"{left.amount} of the authorization of {event.order_id} are left"
        )
