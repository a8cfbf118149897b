"""Booking a carrier: once, under the shipment's own name, finished after any silence; dispatch keeps its number."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.warehouse.ask_carriers import ask_carriers
from functions.warehouse.book_shipment import BookShipment, book_shipment
from functions.warehouse.carrier import (
    Booked,
    Carrier,
    CarrierRefused,
    CarrierUnavailable,
    Consignment,
    Rate,
    Sighting,
)
from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.fleet import Fleet
from functions.warehouse.get_shipment import get_shipment
from functions.warehouse.list_rates import list_rates
from functions.warehouse.list_scans import list_scans
from functions.warehouse.outstanding import outstanding
from functions.warehouse.shipment import ShipmentAnswer
from shared.errors import IllegalTransition, InProgress, NotFound, Unavailable
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import START
from tests.functions.warehouse.orders import NUMBER, one_mug, plan

Emitted = Callable[[SqliteDatabase], list[Envelope]]
LATER = START + timedelta(hours=1)
FIRST, THIRD = f"shp_{NUMBER}-1", f"shp_{NUMBER}-3"


class Pony(Carrier):
    """A carrier with a script: an answer or an error for each time that it is asked."""

    name = "pony"

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.asked: list[str] = []

    def _next(self, about: str) -> Any:
        self.asked.append(about)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def rates(self, consignment: Consignment) -> list[Rate]:
        found: list[Rate] = self._next(consignment.reference)
        return found

    def book(self, consignment: Consignment, rate_id: str, since: datetime) -> Booked:
        found: Booked = self._next(f"{consignment.reference} {rate_id} {since:%H:%M}")
        return found

    def track(self, carrier: str, tracking_number: str) -> list[Sighting]:
        found: list[Sighting] = self._next(f"{carrier} {tracking_number}")
        return found


BOOKED = Booked("pony", "PONY-1", "https://pony.example/label.pdf")


def book(db: SqliteDatabase, carrier: Carrier, shipment_id: str = FIRST, rate_id: str = "gallop") -> ShipmentAnswer:
    return book_shipment(shipment_id, BookShipment(rate_id=rate_id), db, carrier, START)


def dispatch(db: SqliteDatabase, shipment_id: str = FIRST) -> ShipmentAnswer:
    return db.transact(lambda tx: dispatch_shipment(shipment_id, DispatchShipment(), tx, LATER))


def test_our_own_fleet_by_weight_and_distance(db: SqliteDatabase) -> None:
    plan(db)
    (van,) = list_rates(FIRST, db, Fleet()).items  # two mugs of 400 g in a box of 980 g: two started kilograms
    assert (van.rate_id, van.price.amount, van.days) == ("boutique_parcel-van", "5.40", 2)
    (lorry,) = list_rates(THIRD, db, Fleet()).items  # two sofas of 60 kg: 2 x (38.00 + 60 x 0.45)
    assert (lorry.carrier, lorry.price.amount) == ("boutique_freight", "130.00")


def test_the_fleet_gives_the_number_that_dispatching_would(db: SqliteDatabase) -> None:
    one_mug(db)
    booked = book(db, Fleet(), rate_id="boutique_parcel-van")
    assert (booked.booking, booked.carrier, booked.status) == ("booked", "boutique_parcel", "planned")
    assert dispatch(db).tracking_number == booked.tracking_number


def test_the_fleet_knows_its_own_rates_only(db: SqliteDatabase) -> None:
    one_mug(db)
    with pytest.raises(IllegalTransition, match="our fleet's rate for parcel shipments is boutique_parcel-van"):
        book(db, Fleet())


def test_booked_once_it_leaves_under_the_carriers_number(db: SqliteDatabase, emitted: Emitted) -> None:
    one_mug(db)
    pony = Pony(BOOKED)
    answer = book(db, pony)
    assert book(db, pony) == answer
    assert (answer.tracking_number, answer.label_url) == ("PONY-1", "https://pony.example/label.pdf")
    assert pony.asked == [f"{FIRST} gallop 08:00"]
    dispatch(db)
    assert (emitted(db)[-1].data["carrier"], emitted(db)[-1].data["tracking_number"]) == ("pony", "PONY-1")
    with pytest.raises(IllegalTransition, match="booked at the rate gallop"):
        book(db, pony, rate_id="trot")


def test_after_silence_it_is_asked_again_and_nothing_leaves_meanwhile(db: SqliteDatabase) -> None:
    one_mug(db)
    pony = Pony(CarrierUnavailable("no answer"), CarrierUnavailable("no answer"), BOOKED, [])
    with pytest.raises(InProgress):
        book(db, pony)
    assert outstanding(db)["unknown_bookings"] == 1
    with pytest.raises(InProgress):
        dispatch(db)
    with pytest.raises(InProgress):
        book(db, pony)
    ask_carriers(db, pony, LATER)
    assert outstanding(db)["unknown_bookings"] == 0
    assert get_shipment(FIRST, db).tracking_number == "PONY-1"
    assert set(pony.asked[:3]) == {f"{FIRST} gallop 08:00"}  # always the same question


def test_refused_it_may_be_booked_otherwise(db: SqliteDatabase) -> None:
    one_mug(db)
    with pytest.raises(IllegalTransition, match="too heavy"):
        book(db, Pony(CarrierRefused("too heavy")))
    assert get_shipment(FIRST, db).booking is None
    assert book(db, Pony(BOOKED), rate_id="trot").booking == "booked"


def test_a_booked_shipment_is_followed_until_it_arrives(db: SqliteDatabase, emitted: Emitted) -> None:
    one_mug(db)
    seen = [Sighting("in_transit", "Reno", LATER), Sighting("delivered", "Mountain View", LATER + timedelta(days=1))]
    pony = Pony(BOOKED, [], CarrierUnavailable("no answer"), seen[:1], seen)
    book(db, pony)
    ask_carriers(db, pony, LATER)
    dispatch(db)
    for hours in (1, 2, 30, 31):  # the last time nobody is asked
        ask_carriers(db, pony, LATER + timedelta(hours=hours))
    assert pony.script == []
    assert get_shipment(FIRST, db).status == "delivered"
    assert [each.place for each in list_scans(FIRST, db).items] == ["Reno", "Mountain View"]
    kinds = [event.type for event in emitted(db)][2:]
    assert kinds == ["shipment.scanned", "shipment.scanned", "shipment.delivered"]


def test_rates_without_an_answer_or_a_taker(db: SqliteDatabase) -> None:
    with pytest.raises(NotFound):
        list_rates(FIRST, db, Fleet())
    with pytest.raises(NotFound):
        book(db, Fleet())
    one_mug(db)
    with pytest.raises(Unavailable):
        list_rates(FIRST, db, Pony(CarrierUnavailable("no answer")))
    assert list_rates(FIRST, db, Pony(CarrierRefused("no carrier takes it"))).items == []
    dispatch(db)
    with pytest.raises(IllegalTransition, match="is dispatched"):
        book(db, Fleet())
