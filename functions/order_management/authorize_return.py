"""POST /orders/{order_id}/returns/{return_id}/authorize: the pieces may come back, to be refunded then."""

from datetime import datetime

from functions.order_management.decision import Decision
from functions.order_management.following_returns import follow
from functions.order_management.life import live
from functions.order_management.order import Order
from functions.order_management.order_answer import OrderAnswer, find, shown
from functions.order_management.recording import publish
from functions.order_management.returns import ENDED_WITHOUT, Return, ReturnId, find_return, returns_of
from shared.errors import IllegalTransition
from shared.events.order import OrderReturnAuthorized
from shared.storage import Transaction
from shared.values.identifiers import OrderId
from shared.values.money import Money

_PROMISED = ("authorized", "received", "refund_failed", "refunded")


class AuthorizeReturn(Decision):
    """Who authorizes and why."""


def authorize_return(
    order_id: OrderId, return_id: ReturnId, command: AuthorizeReturn, tx: Transaction, now: datetime
) -> OrderAnswer:
    """Authorize a requested return; one that is authorized is answered again.

    IllegalTransition if it was rejected or has lapsed, or if all returns together would give back more than was
    captured.
    """
    order = find(tx, order_id)
    goods = find_return(tx, order_id, return_id)
    if goods.status in ENDED_WITHOUT:
        raise IllegalTransition(f"return {return_id} is {goods.status}")
    if goods.status == "requested":
        _check_captured(order, goods, returns_of(tx, order))
        publish(tx, order, _authorized(order, goods, command), now)
        follow(tx, order, goods, now)
    return shown(order, tx)


def _check_captured(order: Order, goods: Return, returns: list[Return]) -> None:
    """Never more is given back than was taken, and not again what the customer's bank took back."""
    money = live(order).money
    promised = sum(each.worth.total.minor for each in returns if each.status in _PROMISED and each.worth)
    left = money.get("captured", 0) - money.get("charged_back", 0) - promised
    if goods.requested.total.minor > left:
        there = Money(goods.currency, max(left, 0))
        raise IllegalTransition(
            f"{there.amount} {there.currency} of what was captured is left to give back, "
            f"not {goods.requested.total.amount}"
        )


def _authorized(order: Order, goods: Return, command: AuthorizeReturn) -> OrderReturnAuthorized:
    if order.contact is None:
        raise IllegalTransition(f"who ordered {order.order_id} was not kept; have its order told again")
    return OrderReturnAuthorized(
        order_id=order.order_id,
        return_id=goods.return_id,
        by=command.by,
        reason=command.reason,
        customer_id=goods.customer_id,
        email=order.contact.email,
        first_name=order.contact.first_name,
        lines=goods.requested.lines,
        seller=order.seller,
        exchange_rate=order.exchange_rate,
        **goods.requested.amounts,
    )
