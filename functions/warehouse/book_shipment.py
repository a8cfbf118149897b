"""POST /shipments/{shipment_id}/book: have a carrier take a planned shipment at a rate that it named."""

from datetime import datetime
from functools import partial

from pydantic import Field

from functions.warehouse.booking import Booking, finish
from functions.warehouse.carrier import Carrier
from functions.warehouse.shipment import Shipment, ShipmentAnswer, shown
from shared.errors import IllegalTransition, InProgress, NotFound
from shared.http.models import Command
from shared.storage import Database, Transaction
from shared.values.identifiers import ShipmentId


class BookShipment(Command):
    """At which rate."""

    rate_id: str = Field(min_length=1, max_length=100)


def book_shipment(
    shipment_id: ShipmentId, command: BookShipment, db: Database, carrier: Carrier, now: datetime
) -> ShipmentAnswer:
    """Book once; the same rate again is answered again. IllegalTransition if the carrier refuses, or nothing can leave.

    InProgress while the carrier is silent: it is asked again by itself.
    """
    booking = db.transact(partial(_intend, shipment_id=shipment_id, rate_id=command.rate_id, now=now))
    if booking.state == "asking":
        finish(db, carrier, booking, now)
    shipment = db.get(Shipment, shipment_id)
    assert shipment is not None  # or `_intend` had raised
    return shown(shipment)


def _intend(tx: Transaction, shipment_id: str, rate_id: str, now: datetime) -> Booking:
    shipment, known = tx.get(Shipment, shipment_id), tx.get(Booking, shipment_id)
    if shipment is None:
        raise NotFound(f"no shipment {shipment_id}")
    if known is not None and known.state != "refused":
        if known.rate_id != rate_id:
            raise IllegalTransition(f"shipment {shipment_id} is booked at the rate {known.rate_id}")
        return known
    if shipment.asking:
        raise InProgress(f"it is being found out whether pieces of {shipment_id} lie elsewhere")
    if shipment.status != "planned" or shipment.awaiting:
        raise IllegalTransition(f"shipment {shipment_id} is {shipment.status}: no carrier can take it")
    booking = Booking(shipment_id=shipment_id, rate_id=rate_id, since=now, asked_at=now)
    shipment.booking = "asking"
    tx.put(booking)
    tx.put(shipment)
    return booking
