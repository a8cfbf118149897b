"""GET /write-offs: which receivables were given up, how much of them, by whom and why; newest first."""

from typing import Annotated

from pydantic import Field

from functions.accounting.write_off_receivable import WriteOff
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class WrittenOff(Answer):
    """One write-off; `write_off_id` is the `event_id` of its postings in `GET /entries`."""

    write_off_id: str
    order_id: str
    amount: Money
    by: str
    reason: str
    written_off_at: Timestamp


class WriteOffs(Items):
    """A page of write-offs."""

    items: list[WrittenOff]


def list_write_offs(
    db: Database,
    order_id: OrderId | None = None,
    since: Timestamp | None = None,
    until: Timestamp | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> WriteOffs:
    """List those of an order, or all, of a span of time (both ends included)."""
    equals = {"order_id": order_id} if order_id is not None else {}
    page = db.query(
        WriteOff,
        order_by="written_off_at",
        descending=True,
        since=since,
        until=until,
        limit=limit,
        cursor=cursor,
        **equals,
    )
    items = [WrittenOff.model_validate(each, from_attributes=True) for each in page.items]
    return WriteOffs(items=items, next_cursor=page.next_cursor)
