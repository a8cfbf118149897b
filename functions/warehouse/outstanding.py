"""Warehouse's intents without result."""

from functions.warehouse.booking import Booking
from functions.warehouse.short import Short
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count short picks and bookings of which nobody has said yet what becomes of them.

    Back-orders wait for goods, not for us.
    """
    return {
        "unsettled_shorts": db.aggregate(Short, state="asking").count,
        "unknown_bookings": db.aggregate(Booking, state="asking").count,
    }
