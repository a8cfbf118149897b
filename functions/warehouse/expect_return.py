"""order.return_authorized: goods will come back; the dock expects them."""

from datetime import datetime

from functions.warehouse.returned import ExpectedReturn
from shared.events.order import OrderReturnAuthorized
from shared.storage import Transaction


def expect_return(event: OrderReturnAuthorized, tx: Transaction, now: datetime) -> None:
    """Expect a return once; it may be told before its goods are known to be delivered."""
    if tx.get(ExpectedReturn, event.return_id) is not None:
        return
    tx.create(
        ExpectedReturn(
            return_id=event.return_id,
            order_id=event.order_id,
            customer_id=event.customer_id,
            currency=event.total.currency,
            lines=event.lines,
            shipping_net=event.shipping_net,
            shipping_tax=event.shipping_tax,
            seller=event.seller,
            exchange_rate=event.exchange_rate,
            expected_at=now,
        )
    )
