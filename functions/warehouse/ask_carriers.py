"""Every five minutes: finish bookings without an answer, and ask carriers where booked shipments are."""

import logging
from datetime import datetime
from functools import partial

from functions.warehouse.booking import Booking, finish
from functions.warehouse.carrier import Carrier, CarrierError, Sighting
from functions.warehouse.scan import Scan, note, scan_id
from functions.warehouse.shipment import Shipment
from shared.errors import IllegalTransition, InProgress
from shared.storage import Database, Transaction

log = logging.getLogger(__name__)


def ask_carriers(db: Database, carrier: Carrier, now: datetime) -> None:
    """Ask about up to 100 each, those first that were asked about longest ago; what fails waits for the next run."""
    for booking in db.query(Booking, state="asking", order_by="asked_at").items:
        try:
            finish(db, carrier, booking, now)
        except (InProgress, IllegalTransition) as error:
            log.warning("%s is not booked: %s", booking.shipment_id, error.code)
    for booking in db.query(Booking, state="booked", order_by="asked_at").items:
        try:
            seen = carrier.track(booking.carrier or "", booking.tracking_number or "")
        except CarrierError as error:
            log.warning("%s is not tracked: %s", booking.shipment_id, type(error).__name__)
            continue
        db.transact(partial(_note, shipment_id=booking.shipment_id, seen=seen, now=now))


def _note(tx: Transaction, shipment_id: str, seen: list[Sighting], now: datetime) -> None:
    """Keep every sighting; a shipment that was stopped or delivered is asked about no more."""
    booking, shipment = tx.get(Booking, shipment_id), tx.get(Shipment, shipment_id)
    if booking is None or shipment is None or shipment.tracking_number is None:
        return
    for each in seen if shipment.status in ("dispatched", "delivered") else ():
        note(tx, shipment, _scan(shipment, each), now)
    booking.asked_at = now
    if shipment.status in ("delivered", "stopped"):
        booking.state = "arrived"
    tx.put(booking)


def _scan(shipment: Shipment, seen: Sighting) -> Scan:
    number = shipment.tracking_number or ""
    return Scan(
        scan_id=scan_id(number, seen.status, seen.seen_at),
        shipment_id=shipment.shipment_id,
        tracking_number=number,
        status=seen.status,
        place=seen.place,
        scanned_at=seen.seen_at,
    )
