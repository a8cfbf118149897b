"""Warehouse's intents without result."""

from functions.warehouse.short import Short
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count short picks of which nobody has said yet what becomes of them; back-orders wait for goods, not for us."""
    return {"unsettled_shorts": db.aggregate(Short, state="asking").count}
