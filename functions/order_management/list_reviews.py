"""GET /reviews: the held orders that wait for a person on duty, the most urgent first."""

from datetime import datetime
from typing import Annotated, cast

from pydantic import Field

from functions.order_management.order import Order
from shared.events.priced_order import FraudReason
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.money import Money


class ReviewAnswer(Answer):
    """One held order and why fraud wants it looked at: reasons with their points, and the score they add up to."""

    order_id: str
    customer_id: str
    score: int
    reasons: tuple[FraudReason, ...]
    model_version: str | None
    total: Money
    placed_at: Timestamp
    age_s: int = Field(description="seconds since the order was held")
    overdue_at: Timestamp = Field(description="when it is rejected by itself")


class Reviews(Items):
    """A page of the queue."""

    items: list[ReviewAnswer]


def list_reviews(
    db: Database, now: datetime, cursor: str | None = None, limit: Annotated[int, Field(ge=1, le=200)] = 50
) -> Reviews:
    """List held orders that have a score, oldest first: by when they are overdue. Silent ones are not there yet."""
    page = db.query(Order, review="waiting", order_by="review_at", limit=limit, cursor=cursor)
    return Reviews(items=[_shown(order, now) for order in page.items], next_cursor=page.next_cursor)


def _shown(order: Order, now: datetime) -> ReviewAnswer:
    opened, overdue = cast(datetime, order.opened_at), cast(datetime, order.review_at)
    assert order.fraud is not None  # an order is opened with fraud's answer
    return ReviewAnswer(
        order_id=order.order_id,
        customer_id=cast(str, order.customer_id),
        score=cast(int, order.fraud.score),
        reasons=order.fraud.reasons,
        model_version=order.fraud.model_version,
        total=Money(cast(str, order.currency), order.total_minor),
        placed_at=cast(datetime, order.placed_at),
        age_s=max(0, int((now - opened).total_seconds())),
        overdue_at=overdue,
    )
