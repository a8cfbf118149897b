"""POST /reservations: pieces, a slot and the price of freight, all or nothing."""

from datetime import datetime, timedelta

import pytest

from functions.furniture.commit_reservation import commit_reservation
from functions.furniture.expire_reservations import expire_reservations
from functions.furniture.firm_reservation import firm_reservation
from functions.furniture.get_reservation import get_reservation
from functions.furniture.get_stock import get_stock
from functions.furniture.release_abandoned import release_abandoned
from functions.furniture.release_reservation import release_reservation
from functions.furniture.report_control_totals import report_control_totals
from shared.errors import Invalid, OutOfStock, ReservationExpired, SlotTaken, StepCancelled, UnknownSku
from shared.events.order import OrderCancelled
from shared.stock.commands import ReleaseReservation
from shared.storage import Database
from tests.functions.furniture.examples import CHAIR, SOFA, bookings, full_window, reserve
from tests.shared.stock.examples import dispatched, usd

FIRST = "us-9.2026-11-23.08-12"


def release(db: Database, order_id: str, now: datetime) -> None:
    db.transact(lambda tx: release_reservation(order_id, ReleaseReservation(reason="declined"), tx, now))


def test_without_a_wish_it_goes_kerbside_in_the_first_free_slot(db: Database, now: datetime, emitted):
    answer = reserve(db, now)
    assert answer.model_dump(mode="json") == {
        "order_id": "ord_1",
        "state": "pending",
        "expires_at": "2026-11-20T08:15:00.000000Z",
        "lines": [
            {
                "sku": CHAIR,
                "quantity": 1,
                "picks": [{"location": "reno-us", "quantity": 1, "unit_cost": {"currency": "USD", "amount": "98.50"}}],
            }
        ],
        "delivery": {"service_level": "kerbside", "slot_id": FIRST, "date": "2026-11-23", "window": "08-12"},
        "freight": {"currency": "USD", "amount": "74.20"},
    }
    assert get_reservation("ord_1", db) == answer
    assert bookings(db) == {"ord_1"}
    assert (emitted(db)[-1].type, emitted(db)[-1].subject) == ("furniture.reserved", "ord_1")


def test_a_wished_slot_and_level_are_kept_and_asking_again_books_once(db: Database, now: datetime):
    wish = {"slot_id": "us-9.2026-11-25.16-20", "service_level": "assembly", "lines": [{"sku": SOFA, "quantity": 1}]}
    first = reserve(db, now, **wish)
    assert reserve(db, now, **wish) == first
    assert (first.delivery.slot_id, first.delivery.service_level) == (wish["slot_id"], "assembly")
    assert first.freight == usd("248.92")  # 364 kg x 0.28 = 101.92, + 49.00 + 39.00 + 59.00
    assert bookings(db, wish["slot_id"]) == {"ord_1"}
    assert get_stock(SOFA, db).reserved == 1


def test_a_taken_slot_refuses_the_whole_reservation(db: Database, now: datetime, emitted):
    full_window(db, now, FIRST)
    events = len(emitted(db))
    with pytest.raises(SlotTaken) as refused:
        reserve(db, now, slot_id=FIRST)
    assert refused.value.extra == {"next_slot_id": "us-9.2026-11-23.12-16"}
    assert get_stock(CHAIR, db).reserved == 0
    assert len(emitted(db)) == events


def test_lacking_stock_books_no_slot(db: Database, now: datetime):
    on_hand = get_stock(CHAIR, db).on_hand
    with pytest.raises(OutOfStock):
        reserve(db, now, lines=[{"sku": CHAIR, "quantity": on_hand + 1}])
    assert bookings(db) == set()


def test_standard_products_and_far_destinations_are_refused(db: Database, now: datetime):
    with pytest.raises(UnknownSku):
        reserve(db, now, lines=[{"sku": "6E92ZMYYFZ", "quantity": 1}])
    with pytest.raises(Invalid) as refused:
        reserve(db, now, destination={"country": "Japan", "zip_code": "100-0001"})
    assert refused.value.extra["errors"][0]["field"] == "destination.country"


def test_a_firm_reservation_keeps_its_slot(db: Database, now: datetime):
    reserve(db, now)
    answer = firm_reservation("ord_1", db, now)
    assert (answer.state, answer.expires_at, answer.delivery.slot_id) == ("firm", None, FIRST)
    expire_reservations(db, now + timedelta(days=1))
    assert bookings(db) == {"ord_1"}


@pytest.mark.parametrize("how", ["schedule", "firmed too late", "released", "cancelled"])
def test_whatever_ends_a_reservation_frees_its_slot(db: Database, now: datetime, how: str):
    reserve(db, now)
    over = now + timedelta(minutes=15)
    if how == "schedule":
        expire_reservations(db, over)
    elif how == "firmed too late":
        with pytest.raises(ReservationExpired):
            firm_reservation("ord_1", db, over)
    elif how == "released":
        release(db, "ord_1", now)
    else:
        cancelled = OrderCancelled(order_id="ord_1", by="ann", reason="mistake")
        db.transact(lambda tx: release_abandoned(cancelled, tx, now))
    assert bookings(db) == set()
    assert get_stock(CHAIR, db).reserved == 0
    assert get_reservation("ord_1", db).state == "released"


def test_released_before_it_arrived_it_books_nothing(db: Database, now: datetime):
    release(db, "ord_1", now)
    with pytest.raises(StepCancelled):
        reserve(db, now)
    assert bookings(db) == set()
    answer = get_reservation("ord_1", db)
    assert (answer.lines, answer.delivery, answer.freight) == ([], None, None)


def test_a_slot_in_which_a_part_is_brought_stays_booked_when_the_rest_is_released(db: Database, now: datetime):
    reserve(db, now, lines=[{"sku": CHAIR, "quantity": 2}])
    firm_reservation("ord_1", db, now)
    shipment = dispatched("ord_1", "shp_1", "reno-us", {CHAIR: 1}, fulfilment="freight")
    db.transact(lambda tx: commit_reservation(shipment, tx, now))
    release(db, "ord_1", now)
    assert bookings(db) == {"ord_1"}
    assert get_stock(CHAIR, db).reserved == 0


def test_freight_leaves_at_its_cost_and_parcels_are_no_concern(db: Database, now: datetime, emitted):
    reserve(db, now)
    firm_reservation("ord_1", db, now)
    before = get_stock(CHAIR, db).on_hand
    parcel = dispatched("ord_1", "shp_0", "reno-us", {CHAIR: 1}, fulfilment="parcel")
    db.transact(lambda tx: commit_reservation(parcel, tx, now))
    assert get_stock(CHAIR, db).on_hand == before
    shipment = dispatched("ord_1", "shp_1", "reno-us", {CHAIR: 1}, fulfilment="freight")
    db.transact(lambda tx: commit_reservation(shipment, tx, now))
    event = emitted(db)[-1]
    assert event.type == "furniture.committed"
    assert event.data["lines"] == [
        {"sku": CHAIR, "location": "reno-us", "quantity": 1, "unit_cost": {"currency": "USD", "amount": "98.50"}}
    ]
    totals = report_control_totals(db, now).totals
    assert totals[f"movements.{CHAIR}"] == before - 1
    assert (totals["stock_unexplained"], totals["reserved_unexplained"]) == (0, 0)


def test_opening_stock_comes_in_by_receipts(db: Database, emitted):
    events = emitted(db)
    assert {event.type for event in events} == {"furniture.received"}
    assert len(events) == 6 * 3
    assert events[0].data["receipt_id"] == "rcp_opening-FURN-001-newark-us"
    assert [each.on_hand for each in get_stock(CHAIR, db).locations] == [1000, 1000, 1000]
