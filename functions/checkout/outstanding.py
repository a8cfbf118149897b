"""Sagas that are neither ended nor waiting for a customer."""

from functions.checkout.order import Order
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count running and undoing sagas."""
    return {"sagas": sum(db.aggregate(Order, state=state).count for state in ("running", "undoing"))}
