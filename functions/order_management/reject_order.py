"""POST /orders/{order_id}/reject: a person on duty refuses a held order."""

from datetime import datetime

from functions.order_management.decision import Decision
from functions.order_management.order_answer import OrderAnswer, find, shown
from functions.order_management.review import reject, waits_for_people
from shared.storage import Transaction
from shared.values.identifiers import OrderId


class RejectOrder(Decision):
    """Who rejects and why."""


def reject_order(order_id: OrderId, command: RejectOrder, tx: Transaction, now: datetime) -> OrderAnswer:
    """Reject a held order that has a score; one that is rejected is answered again. Else IllegalTransition."""
    order = find(tx, order_id)
    if waits_for_people(order, "rejected"):
        reject(tx, order, command.by, command.reason, now)
    return shown(order, tx)
