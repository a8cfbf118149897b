"""The way of a return from request to refund, as the facts of its order have it."""

from datetime import datetime

from functions.order_management.life import live
from functions.order_management.order import Order
from functions.order_management.recording import publish
from functions.order_management.returns import Return, Worth
from shared.events.order import OrderReturnRefunded
from shared.events.returned_goods import ReturnAmounts, ReturnLine
from shared.events.shipment import ShipmentReturned
from shared.storage import Transaction


def received_worth(goods: Return, event: ShipmentReturned) -> Worth:
    """Return what came back, as warehouse found it."""
    return Worth(
        lines=tuple(ReturnLine.model_validate(dict(line)) for line in event.lines),
        shipping_of=goods.requested.shipping_of if event.shipping_net or event.shipping_tax else (),
        **{name: getattr(event, name) for name in ReturnAmounts.model_fields},
    )


def follow(tx: Transaction, order: Order, goods: Return, now: datetime) -> None:
    """Write where a return stands by the order's facts; publish order.return_refunded when that is refunded."""
    status = live(order).returns[goods.return_id]
    goods = goods.model_copy(update={"status": status})
    if status == "refunded" and goods.received is not None and goods.refunded_at is None:
        goods.refunded_at, goods.refunded_minor = now, goods.received.total.minor
        _publish_refund(tx, order, goods, goods.received, now)
    tx.put(goods)


def _publish_refund(tx: Transaction, order: Order, goods: Return, received: Worth, now: datetime) -> None:
    assert order.contact is not None  # without it nothing was authorized
    event = OrderReturnRefunded(
        order_id=order.order_id,
        return_id=goods.return_id,
        customer_id=goods.customer_id,
        email=order.contact.email,
        first_name=order.contact.first_name,
        exchange_rate=order.exchange_rate,
        **received.amounts,
    )
    publish(tx, order, event, now)
