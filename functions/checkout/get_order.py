"""GET /orders/{order_id}: the answer that placing the order gave."""

from functions.checkout.imported import ImportedOrder
from functions.checkout.order import Order, PlacedOrder
from shared.errors import InProgress, NotFound
from shared.storage import Database
from shared.values.identifiers import OrderId


def get_order(order_id: OrderId, db: Database) -> PlacedOrder:
    """Return a placed order; 404 if there is none or it was refused, 409 in_progress while it is being placed."""
    order = db.get(Order, order_id)
    if order is None and (imported := db.get(ImportedOrder, order_id)) is not None:
        return imported.answer
    if order is None or order.state == "refused":
        raise NotFound(f"no order {order_id}")
    if order.answer is None or order.state == "undoing":
        raise InProgress("the order is being placed; ask again")
    return order.answer
