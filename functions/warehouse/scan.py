"""What carriers saw of shipments: a scan's document, and what follows from it."""

from datetime import datetime
from typing import ClassVar, Literal

from functions.warehouse.shipment import Shipment, deliver
from shared.events.shipment import ShipmentScanned
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp

ScanStatus = Literal["pre_transit", "in_transit", "out_for_delivery", "delivered", "exception", "returned"]
"""The carrier port's words; each adapter translates its carrier's."""


class Scan(Document):
    """One sighting; the same number, status and moment are the same sighting."""

    collection: ClassVar[str] = "scans"
    key_field: ClassVar[str] = "scan_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("shipment_id", "scanned_at"),)

    scan_id: str
    shipment_id: str
    tracking_number: str
    status: ScanStatus
    place: str | None = None
    scanned_at: Timestamp


def scan_id(tracking_number: str, status: ScanStatus, scanned_at: datetime) -> str:
    """Return the natural key of a sighting."""
    return f"{tracking_number}.{status}.{int(scanned_at.timestamp() * 1_000_000)}"


def note(tx: Transaction, shipment: Shipment, scan: Scan, now: datetime) -> None:
    """Keep and tell a sighting once; one of a delivery delivers a dispatched shipment."""
    if tx.get(Scan, scan.scan_id) is None:
        tx.create(scan)
        tx.emit(
            ShipmentScanned(
                order_id=shipment.order_id,
                shipment_id=shipment.shipment_id,
                tracking_number=scan.tracking_number,
                status=scan.status,
                place=scan.place,
                scanned_at=scan.scanned_at,
            ),
            now,
        )
    if scan.status == "delivered" and shipment.status == "dispatched":
        deliver(tx, shipment, now)
