"""POST /orders/{order_id}/approve: a person on duty passes a held order."""

from datetime import datetime

from functions.order_management.decision import Decision
from functions.order_management.order_answer import OrderAnswer, find, shown
from functions.order_management.review import approve, waits_for_people
from shared.storage import Transaction
from shared.values.identifiers import OrderId


class ApproveOrder(Decision):
    """Who approves and why."""


def approve_order(order_id: OrderId, command: ApproveOrder, tx: Transaction, now: datetime) -> OrderAnswer:
    """Approve a held order that has a score; one that is approved is answered again. Else IllegalTransition."""
    order = find(tx, order_id)
    if waits_for_people(order, "approved"):
        approve(tx, order, command.by, command.reason, now)
    return shown(order, tx)
