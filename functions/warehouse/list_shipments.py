"""GET /shipments: the shipments of an order, or of a state, oldest first."""

from typing import Annotated

from pydantic import Field

from functions.warehouse.shipment import Shipment, ShipmentAnswer, ShipmentStatus, shown
from shared.http.models import Items
from shared.storage import Database, Page
from shared.values.identifiers import OrderId


class Shipments(Items):
    """A page of shipments."""

    items: list[ShipmentAnswer]


def list_shipments(
    db: Database,
    order_id: OrderId | None = None,
    status: ShipmentStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Shipments:
    """List shipments: an order's by number, others by when they were planned.

    An order has few, so its page is filtered by status afterwards and may be shorter than `limit`.
    """
    page = _page(db, order_id, status, cursor, limit)
    items = [shown(each) for each in page.items if status in (None, each.status)]
    return Shipments(items=items, next_cursor=page.next_cursor)


def _page(
    db: Database, order_id: str | None, status: ShipmentStatus | None, cursor: str | None, limit: int
) -> Page[Shipment]:
    if order_id is not None:
        return db.query(Shipment, order_by="number", limit=limit, cursor=cursor, order_id=order_id)
    if status is not None:
        return db.query(Shipment, order_by="planned_at", limit=limit, cursor=cursor, status=status)
    return db.query(Shipment, order_by="planned_at", limit=limit, cursor=cursor)
