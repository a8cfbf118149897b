"""GET /gathered-orders/{order_id}: what was heard of one order of the old checkout, and what became of it."""

from functions.legacy_checkout.gathered import GatheredOrder
from functions.legacy_checkout.spoken import ForeignId, our_id
from shared.errors import NotFound
from shared.http.models import Answer
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.money import Money


class HeardOrder(Answer):
    """Who told of it and how often; the tax is what our rules find in what was paid."""

    order_id: str
    our_order_id: str
    state: str
    heard_at: Timestamp
    told_by: dict[str, int]
    missing: list[str]
    conflicts: tuple[str, ...]
    code: str | None = None
    detail: str | None = None
    total: Money | None = None
    tax: Money | None = None


def get_gathered_order(order_id: ForeignId, db: Database) -> HeardOrder:
    """Return an order by the id that the old checkout gave it; NotFound."""
    order = db.get(GatheredOrder, order_id)
    if order is None:
        raise NotFound(f"nothing was heard of {order_id}")
    amounts = {
        name: Money.of(amount, order.currency) if amount and order.currency else None
        for name, amount in (("total", order.total), ("tax", order.tax))
    }
    return HeardOrder(
        order_id=order.order_id,
        our_order_id=our_id(order.order_id),
        state=order.state,
        heard_at=order.heard_at,
        told_by={**order.told_by},
        missing=order.missing,
        conflicts=order.conflicts,
        code=order.code,
        detail=order.detail,
        **amounts,
    )
