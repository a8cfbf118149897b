"""GET /orders/{order_id}: an order, its status and its history."""

from functions.order_management.order_answer import OrderAnswer, find, shown
from shared.storage import Database
from shared.values.identifiers import OrderId


def get_order(order_id: OrderId, db: Database) -> OrderAnswer:
    """Show an order; NotFound until checkout's event about it was heard."""
    return shown(find(db, order_id), db)
