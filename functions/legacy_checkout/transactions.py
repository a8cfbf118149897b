"""An order as the old accounting listed it."""

from functions.legacy_checkout.answers import OldTransaction
from functions.legacy_checkout.figures import OrderView
from functions.legacy_checkout.gathered import GatheredOrder
from functions.legacy_checkout.spoken import foreign_id, number


def transaction(order: OrderView, heard: GatheredOrder | None) -> OldTransaction:
    """Return an order as one transaction, at what was paid for all of it.

    `customer` is the e-mail address that the old checkout told, or our number of who ordered elsewhere.
    """
    return OldTransaction(
        id=order.order_id,
        order_id=foreign_id(order.order_id),
        item=", ".join(line.sku for line in order.lines),
        price=number(order.total),
        currency=order.currency,
        date=order.placed_at,
        customer=heard.email if heard and heard.email else order.customer_id,
    )
