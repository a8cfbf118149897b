"""POST /orders/{order_id}/returns/{return_id}/reject: the pieces stay with the customer."""

from datetime import datetime

from functions.order_management.decision import Decision
from functions.order_management.following_returns import follow
from functions.order_management.order_answer import OrderAnswer, find, shown
from functions.order_management.recording import publish
from functions.order_management.returns import ReturnId, find_return
from shared.errors import IllegalTransition
from shared.events.order import OrderReturnRejected
from shared.storage import Transaction
from shared.values.identifiers import OrderId


class RejectReturn(Decision):
    """Who rejects and why."""


def reject_return(
    order_id: OrderId, return_id: ReturnId, command: RejectReturn, tx: Transaction, now: datetime
) -> OrderAnswer:
    """Reject a requested return: its pieces may be asked for again. One that is rejected is answered again."""
    order = find(tx, order_id)
    goods = find_return(tx, order_id, return_id)
    if goods.status not in ("requested", "rejected"):
        raise IllegalTransition(f"return {return_id} is {goods.status}")
    if goods.status == "requested":
        event = OrderReturnRejected(order_id=order_id, return_id=return_id, by=command.by, reason=command.reason)
        publish(tx, order, event, now)
        follow(tx, order, goods, now)
    return shown(order, tx)
