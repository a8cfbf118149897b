"""GET /warehouse/warehouse: what is to leave."""

from datetime import datetime

from functions.legacy_checkout.answers import WarehouseRows
from functions.legacy_checkout.figures import NEWEST, told_so_far
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.warehouse_rows import ShipmentsView, rows
from shared.calls import Calls
from shared.storage import Database


def list_warehouse_rows(db: Database, call: Calls, old: OldServices, now: datetime) -> WarehouseRows:
    """Return what is planned and has not left, a row for each SKU of a shipment."""

    def ours() -> WarehouseRows:
        found = call.get("warehouse", "/shipments", ShipmentsView, status="planned", limit=NEWEST).items
        return WarehouseRows([row for shipment in found for row in rows(shipment)])

    return old.beside(db, now, Asked("warehouse", "GET /warehouse", kept=told_so_far(old, db)), ours)
