"""GET /open-orders: orders of the old checkout that are not one of ours yet, and why."""

from datetime import datetime
from typing import Literal

from functions.legacy_checkout.gathered import GatheredOrder, is_overdue
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp

State = Literal["gathering", "complete", "backordered", "refused", "shadowed"]


class Paid(Answer):
    """What the old gateway took of the customer, in the currency it was taken in."""

    currency: str
    amount: str


class OpenOrder(Answer):
    """One order: what it lacks, who has not told of it, what checkout said, and what contradicts itself.

    `paid` of a refused order is owed back, by a person, at the old gateway.
    """

    order_id: str
    state: State
    heard_at: Timestamp
    overdue: bool
    paid: Paid | None = None
    missing: list[str]
    silent: list[str]
    code: str | None = None
    detail: str | None = None
    conflicts: tuple[str, ...] = ()


class OpenOrders(Items):
    """A page of them, oldest first."""

    items: list[OpenOrder]


def list_open_orders(db: Database, now: datetime, state: State = "gathering", cursor: str | None = None) -> OpenOrders:
    """List 100 of a state: `gathering` lacks something, `complete` waits for checkout, `refused` for a person.

    `shadowed` were heard of in shadow mode: they are the old services' own.
    """
    page = db.query(GatheredOrder, state=state, order_by="heard_at", cursor=cursor)
    return OpenOrders(
        items=[
            OpenOrder(
                order_id=each.order_id,
                state=state,
                heard_at=each.heard_at,
                overdue=is_overdue(each, now),
                paid=Paid(currency=each.paid[0], amount=each.paid[1]) if each.paid else None,
                missing=each.missing,
                silent=[*each.silent],
                code=each.code,
                detail=each.detail,
                conflicts=each.conflicts,
            )
            for each in page.items
        ],
        next_cursor=page.next_cursor,
    )
