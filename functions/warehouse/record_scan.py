"""POST /scans: a carrier saw a parcel."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.warehouse.scan import Scan, ScanStatus, note, scan_id
from functions.warehouse.shipment import Shipment, ShipmentAnswer, shown
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.clock import Timestamp

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ahead of ours a carrier's clock may be."""


class RecordScan(Command):
    """Which parcel was seen in what state, where and when."""

    tracking_number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z-]{4,50}$")]
    status: ScanStatus
    place: str | None = Field(default=None, max_length=100)
    scanned_at: Timestamp


def record_scan(command: RecordScan, tx: Transaction, now: datetime) -> ShipmentAnswer:
    """Keep a sighting; the same one again changes nothing, and older ones may come later.

    `delivered` delivers the shipment; IllegalTransition if it never left. NotFound for a number that is not ours.
    """
    if command.scanned_at > now + CLOCKS_DIFFER:
        raise Invalid(("scanned_at", "lies in the future"))
    found = tx.query(Shipment, tracking_number=command.tracking_number, limit=1).items
    shipment = tx.get(Shipment, found[0].shipment_id) if found else None
    if shipment is None:
        raise NotFound(f"no shipment has the tracking number {command.tracking_number}")
    if command.status == "delivered" and shipment.status not in ("dispatched", "delivered"):
        raise IllegalTransition(f"shipment {shipment.shipment_id} is {shipment.status}, not dispatched")
    scan = Scan(
        scan_id=scan_id(command.tracking_number, command.status, command.scanned_at),
        shipment_id=shipment.shipment_id,
        tracking_number=command.tracking_number,
        status=command.status,
        place=command.place,
        scanned_at=command.scanned_at,
    )
    note(tx, shipment, scan, now)
    return shown(shipment)
