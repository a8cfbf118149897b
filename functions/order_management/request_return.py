"""POST /orders/{order_id}/returns: a customer wants to send delivered pieces back."""

from datetime import datetime

from functions.order_management.decision import PiecesDecision
from functions.order_management.facts import told_pieces
from functions.order_management.life import live
from functions.order_management.order import Order
from functions.order_management.order_answer import OrderAnswer, find, shown
from functions.order_management.recording import publish
from functions.order_management.returnable import worth_to_return
from functions.order_management.returns import Return, returns_of
from shared.events.order import OrderReturnRequested, ReturnAsked
from shared.events.returned_goods import ReturnAmounts
from shared.storage import Transaction
from shared.values.identifiers import OrderId, new_id


class RequestReturn(PiecesDecision):
    """Who asks, why, and for which pieces; without lines for all that is delivered and in no other return."""

    refund_shipping: bool = False


def request_return(order_id: OrderId, command: RequestReturn, tx: Transaction, now: datetime) -> OrderAnswer:
    """Open a return; the same request is answered again. IllegalTransition if these pieces can't come back."""
    order = find(tx, order_id)
    returns = returns_of(tx, order)
    asked = (command.by, command.reason, command.wanted, command.reference, command.refund_shipping)
    if not any(goods.same_as(*asked) for goods in returns):
        worth = worth_to_return(order, live(order), returns, command.wanted, command.refund_shipping)
        goods = Return(
            return_id=new_id("ret", now),
            order_id=order_id,
            customer_id=str(order.customer_id),
            currency=str(order.currency),
            by=command.by,
            reason=command.reason,
            reference=command.reference,
            wanted=command.wanted,
            refund_shipping=command.refund_shipping,
            requested=worth,
            requested_at=now,
        )
        _open(tx, order, goods, now)
    return shown(order, tx)


def _open(tx: Transaction, order: Order, goods: Return, now: datetime) -> None:
    tx.create(goods)
    order.returns = (*order.returns, goods.return_id)
    worth = goods.requested
    event = OrderReturnRequested(
        order_id=order.order_id,
        return_id=goods.return_id,
        by=goods.by,
        reason=goods.reason,
        lines=worth.lines,
        amounts=ReturnAmounts(**worth.amounts),
        shipping_of=worth.shipping_of,
        asked=ReturnAsked(
            wanted=told_pieces(goods.wanted), reference=goods.reference, refund_shipping=goods.refund_shipping
        ),
    )
    publish(tx, order, event, now)
