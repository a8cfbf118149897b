"""What identifies the content of this service's store: every order, reduction and return, without what no event tells.

Left out, because they are no facts of an order's life: a cancellation that warehouse refused or was not heard about,
and that one waits (nothing became of it; who wants it asks again); records of what was handled and answered, and
events on their way, which are of deliveries and not of orders.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

import orjson

from functions.order_management.order import Order
from functions.order_management.reduction import Reduction
from functions.order_management.returns import Return
from shared.storage import Database, Document
from shared.storage.content import Content

D = TypeVar("D", bound=Document)
AT_ONCE = 500
"""Documents in one query."""


def content(db: Database) -> Content:
    """Read every document once."""
    found = Content()
    ended: set[str] = set()
    for reduction in _all(db, Reduction):
        if reduction.state in ("cancelled", "reduced"):
            ended.add(reduction.reduction_id)
            found.add(Reduction.collection, reduction.reduction_id, _plain(reduction))
    for goods in _all(db, Return):
        found.add(Return.collection, goods.return_id, _plain(goods))
    for order in _all(db, Order):
        kept = tuple(each for each in order.cancellations if each in ended)
        found.add(
            Order.collection,
            order.order_id,
            _plain(order.model_copy(update={"cancelling": None, "cancellations": kept})),
        )
    return found


def _all(db: Database, kind: type[D]) -> Iterator[D]:
    cursor: str | None = None
    while True:
        page = db.query(kind, limit=AT_ONCE, cursor=cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _plain(document: Document) -> dict[str, Any]:
    """Return a document as JSON, without what is nothing."""
    plain: dict[str, Any] = orjson.loads(document.model_dump_json(exclude_none=True))
    return plain
