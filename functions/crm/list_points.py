"""GET /customers/{customer_id}/points: the ledger of a customer's points."""

from typing import Annotated

from pydantic import Field

from functions.crm.identity import known
from functions.crm.loyalty import BASE_CURRENCY, POINT_VALUE
from functions.crm.profile import points_of
from functions.crm.purchases import Entry, Purchase
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId
from shared.values.money import Money


class PointsEntry(Answer):
    """One line: what happened, and what it brought or took. `spend` is goods net of tax in base currency."""

    entry_id: str
    kind: str
    order_id: str
    at: Timestamp
    points: int
    spend: Money
    expires_at: Timestamp | None = None


class Points(Items):
    """The orders of a page, newest first, each with all its lines, newest first. `balance` sums the whole ledger."""

    balance: int
    value: Money
    items: list[PointsEntry]


def list_points(
    customer_id: CustomerId,
    db: Database,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Points:
    """List the lines of up to `limit` orders; NotFound for an unknown customer."""
    owner = known(db, customer_id).customer_id
    page = db.query(Purchase, order_by="counted_at", descending=True, limit=limit, cursor=cursor, customer_id=owner)
    balance = points_of(db, owner)
    return Points(
        balance=balance,
        value=POINT_VALUE * balance,
        items=[_line(purchase, entry) for purchase in page.items for entry in reversed(purchase.entries())],
        next_cursor=page.next_cursor,
    )


def _line(purchase: Purchase, entry: Entry) -> PointsEntry:
    return PointsEntry(
        entry_id=entry.entry_id,
        kind=entry.kind,
        order_id=purchase.order_id,
        at=entry.at,
        points=entry.points,
        spend=Money(BASE_CURRENCY, entry.spend_minor),
        expires_at=entry.expires_at,
    )
