"""GET /warehouse/warehouse/{shipment_id}: one shipment."""

from datetime import datetime

from functions.legacy_checkout.answers import WarehouseRows
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.warehouse_rows import ShipmentView, rows
from shared.calls import Calls
from shared.storage import Database
from shared.values.identifiers import ShipmentId


def get_warehouse_row(
    shipment_id: ShipmentId, db: Database, call: Calls, old: OldServices, now: datetime
) -> WarehouseRows:
    """Return a shipment's rows; NotFound for one that is none of ours."""

    def ours() -> WarehouseRows:
        return WarehouseRows(rows(call.get("warehouse", f"/shipments/{shipment_id}", ShipmentView)))

    path = f"/warehouse/{shipment_id}"
    return old.beside(db, now, Asked("warehouse", "GET /warehouse/{shipment_id}", path=path), ours)
