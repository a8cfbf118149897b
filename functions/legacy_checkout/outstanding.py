"""Orders that checkout has still to take in, and that wait for no person."""

from functions.legacy_checkout.gathered import GatheredOrder
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count complete orders; those that lack something, are backordered or refused wait for others."""
    return {"complete_orders": db.aggregate(GatheredOrder, state="complete", order_by="heard_at").count}
