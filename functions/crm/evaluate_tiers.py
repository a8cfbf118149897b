"""Every day: give each customer the tier that twelve months' spend has earned, up or down."""

from datetime import datetime

from functions.crm.tiers import TierReview, review_tier
from shared.storage import Database

_PURCHASES_AT_ONCE = 200
_PURCHASES_PER_RUN = 2_000


def evaluate_tiers(db: Database, now: datetime) -> None:
    """Review whom the indexes name; what one run doesn't reach the next one of the night does, where this one ended."""
    review = db.get(TierReview, "daily") or TierReview()
    for _ in range(_PURCHASES_PER_RUN // _PURCHASES_AT_ONCE):
        if not review.begin(now):
            return
        customers, as_of = review.page(db, _PURCHASES_AT_ONCE)
        for customer_id in sorted(customers):
            review_tier(db, customer_id, as_of, now)
        db.transact(lambda tx: tx.put(review))
