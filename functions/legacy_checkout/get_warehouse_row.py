"""GET /warehouse/warehouse/{row_id}: one row of a shipment."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from functions.legacy_checkout.answers import WarehouseRow
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.warehouse_rows import ShipmentView, rows
from shared.calls import Calls
from shared.errors import NotFound
from shared.storage import Database

RowId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}(\.[0-9]{1,3})?$")]


def get_warehouse_row(row_id: RowId, db: Database, call: Calls, old: OldServices, now: datetime) -> WarehouseRow:
    """Return a row by its id, a shipment's first by the shipment's; NotFound for one that is none of ours."""

    def ours() -> WarehouseRow:
        shipment_id, _, place = row_id.partition(".")
        if not shipment_id.startswith("shp_"):
            raise NotFound(f"no row {row_id}")
        found = rows(call.get("warehouse", f"/shipments/{shipment_id}", ShipmentView))
        row = next((each for each in found if each.id == f"{shipment_id}.{place or 1}"), None)
        if row is None:
            raise NotFound(f"no row {row_id}")
        return row

    path = f"/warehouse/{row_id}"
    return old.beside(db, now, Asked("warehouse", "GET /warehouse/{row_id}", path=path), ours)
