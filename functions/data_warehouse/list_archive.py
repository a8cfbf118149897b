"""GET /archive: events as they were published, to be told again or to rebuild from."""

from typing import Annotated

from pydantic import Field

from functions.data_warehouse.archive import Wanted, page
from functions.data_warehouse.inbox import drain
from shared.analytics import AnalyticalStore
from shared.events import Envelope
from shared.http.models import Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId


class Archive(Items):
    """A page of events, oldest first."""

    items: list[Envelope]


def list_archive(
    db: Database,
    store: AnalyticalStore,
    order_id: OrderId | None = None,
    type: str | None = None,
    since: Timestamp | None = None,
    until: Timestamp | None = None,
    limit: Annotated[int, Field(ge=1, le=1000)] = 100,
    cursor: str | None = None,
) -> Archive:
    """List events of an order, a type and a span of time (both ends included); what lies in the inbox is loaded first.

    `order_id` finds events that name the order or are about it.
    """
    drain(db, store, seconds=20)
    events, next_cursor = page(store, Wanted(order_id, type, since, until), cursor, limit)
    return Archive(items=events, next_cursor=next_cursor)
