"""Furniture orders as checkout sends them."""

from datetime import datetime
from typing import Any

from functions.furniture.reservations import FreightReservationAnswer
from functions.furniture.reserve_stock import ReserveFurniture, reserve_stock
from shared.storage import Database

SOFA, CHAIR = "FURN-003", "FURN-004"
CALIFORNIA = {"country": "US", "state": "CA", "zip_code": "94043"}


def reserve(db: Database, now: datetime, order_id: str = "ord_1", **changed: Any) -> FreightReservationAnswer:
    body = {"order_id": order_id, "lines": [{"sku": CHAIR, "quantity": 1}], "destination": CALIFORNIA}
    command = ReserveFurniture.model_validate({**body, **changed})
    return db.transact(lambda tx: reserve_stock(command, tx, now))
