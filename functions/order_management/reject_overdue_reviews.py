"""Every five minutes: held orders whose review takes too long are rejected, while the authorization still lives."""

from datetime import datetime
from typing import Literal

from functions.order_management.order import Order
from functions.order_management.review import reject
from shared.storage import Database, Transaction

BATCH = 100


def reject_overdue_reviews(db: Database, now: datetime) -> None:
    """Reject what is overdue, scored or not, each in a transaction of its own; a decision made meanwhile stands."""
    for review in ("waiting", "silent"):
        for order_id in _overdue(db, review, now):
            db.transact(lambda tx, order_id=order_id: _reject(tx, order_id, now))  # type: ignore[misc]


def _overdue(db: Database, review: Literal["waiting", "silent"], now: datetime) -> list[str]:
    page = db.query(Order, review=review, order_by="review_at", until=now, limit=BATCH)
    return [order.order_id for order in page.items]


def _reject(tx: Transaction, order_id: str, now: datetime) -> None:
    order = tx.get(Order, order_id)
    if order is not None and order.under_review is not None and order.review_at is not None and order.review_at <= now:
        reject(tx, order, "system", "review_overdue", now)
