"""Booking a fact of an order with its purchase: once, under whoever the customer is by now."""

from datetime import datetime

from functions.crm.identity import owner_id
from functions.crm.purchases import Purchase
from shared.storage import Transaction


def purchase_of(tx: Transaction, order_id: str, customer_id: str, at: datetime) -> Purchase:
    """Return an order's purchase as it is known, or a new one.

    The customer is got by key, so that a merge at the same time is before this or after it.
    """
    owner = owner_id(tx, customer_id)
    purchase = tx.get(Purchase, order_id)
    if purchase is None:
        return Purchase(order_id=order_id, customer_id=owner, counted_at=at, changed_at=at)
    return purchase.model_copy(update={"customer_id": owner})
