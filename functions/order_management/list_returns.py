"""GET /returns: returns by state, the one that waits longest first."""

from typing import Annotated, Any

from pydantic import Field

from functions.order_management.order import ReturnStatus
from functions.order_management.return_answer import ReturnAnswer, shown_return
from functions.order_management.returns import Return
from shared.http.models import Items
from shared.storage import Database


class Returns(Items):
    """A page of returns."""

    items: list[ReturnAnswer]


def list_returns(
    db: Database,
    status: ReturnStatus | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Returns:
    """List returns, oldest first."""
    wanted: dict[str, Any] = {} if status is None else {"status": status}
    page = db.query(Return, order_by="requested_at", limit=limit, cursor=cursor, **wanted)
    return Returns(items=[shown_return(each) for each in page.items], next_cursor=page.next_cursor)
