"""Scans: kept once, in any order; a delivery that is scanned is a delivery."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest

from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.list_scans import list_scans
from functions.warehouse.record_scan import RecordScan, record_scan
from functions.warehouse.shipment import ShipmentAnswer
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import ORDER, START
from tests.functions.warehouse.orders import one_mug

Emitted = Callable[[SqliteDatabase], list[Envelope]]
NOON = START + timedelta(hours=4)
LATER = START + timedelta(days=2)


def sent(db: SqliteDatabase) -> tuple[str, str]:
    """A mug on its way: its shipment's id and tracking number."""
    shipment_id = one_mug(db)
    number = db.transact(lambda tx: dispatch_shipment(shipment_id, DispatchShipment(), tx, START)).tracking_number
    assert number is not None
    return shipment_id, number


def scan(
    db: SqliteDatabase, number: str, status: str = "in_transit", at: datetime = NOON, place: str | None = "Reno, NV"
) -> ShipmentAnswer:
    fields: dict[str, Any] = {"tracking_number": number, "status": status, "place": place, "scanned_at": at}
    return db.transact(lambda tx: record_scan(RecordScan.model_validate(fields), tx, LATER))


def test_a_scan_is_kept_and_told(db: SqliteDatabase, emitted: Emitted) -> None:
    shipment_id, number = sent(db)
    assert scan(db, number).status == "dispatched"
    event = emitted(db)[-1]
    assert (event.type, event.time, event.data) == (
        "shipment.scanned",
        LATER,
        {
            "order_id": ORDER,
            "shipment_id": shipment_id,
            "tracking_number": number,
            "status": "in_transit",
            "place": "Reno, NV",
            "scanned_at": "2026-11-20T12:00:00.000000Z",
        },
    )
    (seen,) = list_scans(shipment_id, db).items
    assert (seen.status, seen.place, seen.scanned_at) == ("in_transit", "Reno, NV", NOON)


def test_the_same_scan_again_is_the_same_scan(db: SqliteDatabase, emitted: Emitted) -> None:
    shipment_id, number = sent(db)
    scan(db, number)
    before = emitted(db)
    scan(db, number)
    assert emitted(db) == before
    scan(db, number, at=NOON + timedelta(hours=1))
    assert len(list_scans(shipment_id, db).items) == 2


def test_a_scanned_delivery_delivers_once(db: SqliteDatabase, emitted: Emitted) -> None:
    _, number = sent(db)
    assert scan(db, number, "delivered").delivered_at == LATER
    scan(db, number, "delivered")
    scan(db, number, "delivered", NOON + timedelta(minutes=1))
    kinds = [event.type for event in emitted(db)][2:]
    assert kinds == ["shipment.scanned", "shipment.delivered", "shipment.scanned"]


def test_scans_in_any_order_come_to_the_same(open_warehouse: Callable[[], SqliteDatabase]) -> None:
    told = [("in_transit", 1), ("out_for_delivery", 2), ("delivered", 3)]
    for order in permutations(told):
        db = open_warehouse()
        shipment_id, number = sent(db)
        for status, hour in (*order, order[0]):
            answer = scan(db, number, status, NOON + timedelta(hours=hour))
        assert answer.status == "delivered"
        assert [each.status for each in list_scans(shipment_id, db).items] == [status for status, _ in told]


def test_what_never_left_cannot_be_delivered_and_strangers_are_not_found(db: SqliteDatabase) -> None:
    one_mug(db)
    with pytest.raises(NotFound):
        scan(db, "OBP000000000000000000000")
    with pytest.raises(Invalid, match="lies in the future"):
        scan(db, "OBP000000000000000000000", at=LATER + timedelta(hours=1))


def test_booked_but_not_dispatched_it_cannot_arrive(db: SqliteDatabase, emitted: Emitted) -> None:
    from functions.warehouse.book_shipment import BookShipment, book_shipment
    from functions.warehouse.fleet import Fleet

    booked = book_shipment(one_mug(db), BookShipment(rate_id="boutique_parcel-van"), db, Fleet(), START)
    assert booked.tracking_number is not None
    with pytest.raises(IllegalTransition, match="is planned, not dispatched"):
        scan(db, booked.tracking_number, "delivered")
    assert scan(db, booked.tracking_number, "pre_transit").status == "planned"
    assert [event.type for event in emitted(db)] == ["shipment.planned", "shipment.scanned"]
