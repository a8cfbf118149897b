"""Cancellations that warehouse has not decided."""

from functions.order_management.reduction import Reduction
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count intents without a result."""
    return {"cancellations": db.aggregate(Reduction, state="asking").count}
