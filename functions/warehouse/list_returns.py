"""GET /returns: the returns of an order, or those in a state, oldest first."""

from typing import Annotated

from pydantic import Field

from functions.warehouse.returned import ExpectedReturn, ReturnAnswer, ReturnStatus, shown
from shared.http.models import Items
from shared.storage import Database, Page
from shared.values.identifiers import OrderId


class Returns(Items):
    """A page of returns."""

    items: list[ReturnAnswer]


def list_returns(
    db: Database,
    order_id: OrderId | None = None,
    status: ReturnStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Returns:
    """List returns by when they were authorized; an order's page is filtered by status afterwards."""
    page = _page(db, order_id, status, cursor, limit)
    items = [shown(each) for each in page.items if status in (None, each.status)]
    return Returns(items=items, next_cursor=page.next_cursor)


def _page(
    db: Database, order_id: str | None, status: ReturnStatus | None, cursor: str | None, limit: int
) -> Page[ExpectedReturn]:
    if order_id is not None:
        return db.query(ExpectedReturn, order_by="expected_at", limit=limit, cursor=cursor, order_id=order_id)
    if status is not None:
        return db.query(ExpectedReturn, order_by="expected_at", limit=limit, cursor=cursor, status=status)
    return db.query(ExpectedReturn, order_by="expected_at", limit=limit, cursor=cursor)
