"""Every day: points that were earned 24 months ago end, the oldest first."""

from datetime import datetime
from functools import partial

from functions.crm.purchases import Purchase
from shared.storage import Database, Transaction

_PURCHASES_AT_ONCE = 100
_PURCHASES_PER_RUN = 2_000


def expire_points(db: Database, now: datetime) -> None:
    """Expire what is due, each order in its own transaction; what one run doesn't reach the next one does."""
    for _ in range(_PURCHASES_PER_RUN // _PURCHASES_AT_ONCE):
        due = db.query(Purchase, order_by="next_expiry", until=now, limit=_PURCHASES_AT_ONCE).items
        for purchase in due:
            db.transact(partial(_expire, order_id=purchase.order_id, now=now))
        if len(due) < _PURCHASES_AT_ONCE:
            return


def _expire(tx: Transaction, order_id: str, now: datetime) -> None:
    purchase = tx.get(Purchase, order_id)
    if purchase is not None and purchase.next_expiry is not None and purchase.next_expiry <= now:
        tx.put(purchase.expired(now))
