"""GET /shipments/{shipment_id}/scans: where carriers saw a shipment, by when they did."""

from typing import Annotated

from pydantic import Field

from functions.warehouse.scan import Scan, ScanStatus
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import ShipmentId


class Sighted(Answer):
    """One sighting."""

    tracking_number: str
    status: ScanStatus
    place: str | None = None
    scanned_at: Timestamp


class Scans(Items):
    """A page of sightings."""

    items: list[Sighted]


def list_scans(
    shipment_id: ShipmentId,
    db: Database,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=200)] = 50,
) -> Scans:
    """List the sightings of a shipment, oldest first; none for a shipment that nobody saw."""
    page = db.query(Scan, order_by="scanned_at", limit=limit, cursor=cursor, shipment_id=shipment_id)
    items = [Sighted.model_validate(each, from_attributes=True) for each in page.items]
    return Scans(items=items, next_cursor=page.next_cursor)
