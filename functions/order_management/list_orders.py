"""GET /orders: orders by state and customer, newest first."""

from typing import Annotated

from pydantic import Field

from functions.order_management.order import Order, Status
from functions.order_management.order_answer import OrderAnswer, shown
from shared.http.models import Items
from shared.storage import Database
from shared.values.identifiers import CustomerId


class Orders(Items):
    """A page of orders."""

    items: list[OrderAnswer]


def list_orders(
    db: Database,
    status: Status | None = None,
    customer_id: CustomerId | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Orders:
    """List orders that are known, newest first: an order has `placed_at` from then on."""
    wanted = {"status": status, "customer_id": customer_id}
    equals = {name: value for name, value in wanted.items() if value is not None}
    page = db.query(Order, order_by="placed_at", descending=True, limit=limit, cursor=cursor, **equals)
    return Orders(items=[shown(order, db) for order in page.items if order.status], next_cursor=page.next_cursor)
