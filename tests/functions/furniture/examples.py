"""Furniture orders as checkout sends them."""

from datetime import datetime
from typing import Any

from functions.furniture.reservations import FreightReservationAnswer
from functions.furniture.reserve_stock import ReserveFurniture, reserve_stock
from functions.furniture.slots import DeliveryDay
from shared.storage import Database, Transaction

SOFA, CHAIR = "FURN-003", "FURN-004"
FIRST = "us-9.2026-11-23.08-12"
"""The first slot of Mountain View as seen on Friday, 20 November."""
CALIFORNIA = {"country": "US", "state": "CA", "zip_code": "94043"}


def reserve(db: Database, now: datetime, order_id: str = "ord_1", **changed: Any) -> FreightReservationAnswer:
    body = {"order_id": order_id, "lines": [{"sku": CHAIR, "quantity": 1}], "destination": CALIFORNIA}
    command = ReserveFurniture.model_validate({**body, **changed})
    return db.transact(lambda tx: reserve_stock(command, tx, now))


def bookings(db: Database, slot_id: str = FIRST) -> set[str]:
    """Return the orders of a slot."""
    key, _, window = slot_id.rpartition(".")
    day = db.get(DeliveryDay, key)
    return set(day.bookings.get(window, {})) if day else set()


def full_window(db: Database, now: datetime, *slot_ids: str) -> None:
    """Fill slots with the orders of others, 20 each."""

    def fill(tx: Transaction) -> None:
        for slot_id in slot_ids:
            area, date, window = slot_id.split(".")
            key = f"{area}.{date}"
            day = tx.get(DeliveryDay, key) or DeliveryDay(key=key, region=area, day=date)
            day.bookings = {**day.bookings, window: {f"ord_{window}-{number}": now for number in range(20)}}
            tx.put(day)

    db.transact(fill)
