"""Booking a carrier: the intent, the answer, and asking again under the same reference."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ClassVar, Literal

from functions.warehouse.carrier import Booked, Carrier, CarrierRefused, CarrierUnavailable, consignment_of
from functions.warehouse.shipment import Shipment
from shared.errors import IllegalTransition, InProgress
from shared.storage import Database, Document, Index, Transaction
from shared.values.clock import Timestamp


class Booking(Document):
    """A carrier was asked to take a shipment; `arrived` bookings are asked about no more.

    `asked_at` is when the carrier was last asked, `since` when first.
    """

    collection: ClassVar[str] = "bookings"
    key_field: ClassVar[str] = "shipment_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("state", "asked_at"),)

    shipment_id: str
    rate_id: str
    state: Literal["asking", "booked", "refused", "arrived"] = "asking"
    since: Timestamp
    asked_at: Timestamp
    carrier: str | None = None
    tracking_number: str | None = None


def finish(db: Database, carrier: Carrier, booking: Booking, now: datetime) -> None:
    """Ask the carrier and write down what it says.

    IllegalTransition if it refuses; InProgress without an answer: the sweep asks again.
    """
    shipment = db.get(Shipment, booking.shipment_id)
    assert shipment is not None  # bookings are of shipments, and those are never deleted
    try:
        booked = carrier.book(consignment_of(shipment), booking.rate_id, booking.since)
    except CarrierUnavailable as error:
        raise InProgress(str(error), retry_after=60) from None
    except CarrierRefused as error:
        _write(db, booking.shipment_id, partial(_refuse, now=now))
        raise IllegalTransition(str(error)) from None
    _write(db, booking.shipment_id, partial(_keep, booked=booked, now=now))


def _write(db: Database, shipment_id: str, change: Callable[[Booking, Shipment], None]) -> None:
    def work(tx: Transaction) -> None:
        booking, shipment = tx.get(Booking, shipment_id), tx.get(Shipment, shipment_id)
        if booking is None or shipment is None or booking.state != "asking":
            return
        change(booking, shipment)
        tx.put(booking)
        tx.put(shipment)

    db.transact(work)


def _refuse(booking: Booking, shipment: Shipment, now: datetime) -> None:
    booking.state, booking.asked_at = "refused", now
    shipment.booking = None


def _keep(booking: Booking, shipment: Shipment, booked: Booked, now: datetime) -> None:
    booking.state, booking.asked_at = "booked", now
    booking.carrier, booking.tracking_number = booked.carrier, booked.tracking_number
    shipment.booking, shipment.carrier = "booked", booked.carrier
    shipment.tracking_number, shipment.label_url = booked.tracking_number, booked.label_url
