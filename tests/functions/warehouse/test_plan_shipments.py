"""An order is planned once, by its reservations' locations, unless it was stopped."""

from collections.abc import Callable

import pytest

from functions.warehouse.list_shipments import list_shipments
from functions.warehouse.shipment import OrderPlan, Shipment
from functions.warehouse.stop_order import StopOrder, stop_order
from shared.errors import CallFailed, Undeliverable
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import ORDER, START
from tests.functions.warehouse.orders import (
    FURNITURE,
    INVENTORY,
    NUMBER,
    approved,
    one_mug,
    owners,
    plan,
    reservation,
    reserved,
)
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[SqliteDatabase], list[Envelope]]


def test_one_shipment_per_way_and_location_with_stable_numbers(db: SqliteDatabase, emitted: Emitted) -> None:
    call = owners()
    assert plan(db, call=call).recorded
    assert [made[:2] for made in call.made] == [FURNITURE, INVENTORY]
    shipments = list_shipments(db, order_id=ORDER).items
    assert [(each.shipment_id, each.fulfilment, each.location, len(each.parcels)) for each in shipments] == [
        (f"shp_{NUMBER}-1", "parcel", "newark-us", 1),
        (f"shp_{NUMBER}-2", "parcel", "reno-us", 1),
        (f"shp_{NUMBER}-3", "freight", "reno-us", 2),
    ]
    assert [each.delivery and each.delivery.slot_id for each in shipments] == [None, None, "slot-1"]
    assert {(each.status, each.planned_at, each.tracking_number) for each in shipments} == {("planned", START, None)}
    events = emitted(db)
    assert [(event.type, event.time, event.data["shipment_id"], event.data["parcels"]) for event in events] == [
        ("shipment.planned", START, f"shp_{NUMBER}-1", 1),
        ("shipment.planned", START, f"shp_{NUMBER}-2", 1),
        ("shipment.planned", START, f"shp_{NUMBER}-3", 2),
    ]
    assert [event.data["total"]["amount"] for event in events] == ["11.00", "5.51", "1210.00"]


def test_only_owners_of_the_goods_are_asked(db: SqliteDatabase) -> None:
    one_mug(db)  # whose script has no answer of furniture
    assert len(list_shipments(db, order_id=ORDER).items) == 1


def test_a_replay_and_the_other_event_change_nothing(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    first, events = list_shipments(db, order_id=ORDER), emitted(db)
    nobody = ScriptedCalls({})
    assert plan(db, call=nobody).recorded
    assert plan(db, approved(), nobody).recorded
    assert list_shipments(db, order_id=ORDER) == first
    assert emitted(db) == events


def test_planned_by_another_delivery_meanwhile_changes_nothing(db: SqliteDatabase, emitted: Emitted) -> None:
    def overtaken(_: object) -> object:
        one_mug(db)
        return reservation(reserved("MUG-1", ("newark-us", 3)))

    call = ScriptedCalls({INVENTORY: overtaken, FURNITURE: reservation(reserved("FURN-1", ("reno-us", 2)))})
    assert plan(db, call=call).recorded
    assert len(emitted(db)) == 1


def test_a_stopped_order_plans_nothing(db: SqliteDatabase, emitted: Emitted) -> None:
    db.transact(lambda tx: stop_order(ORDER, StopOrder(by="grace", reason="cancelled"), tx, START))
    assert plan(db, call=ScriptedCalls({})).recorded
    assert list_shipments(db, order_id=ORDER).items == []
    assert emitted(db) == []


def test_without_an_answer_nothing_is_planned_and_the_event_comes_again(db: SqliteDatabase, emitted: Emitted) -> None:
    with pytest.raises(CallFailed):
        plan(db, call=ScriptedCalls({INVENTORY: CallFailed(), FURNITURE: CallFailed()}))
    assert db.get(OrderPlan, ORDER) is None
    assert emitted(db) == []


def test_goods_that_were_released_are_never_planned(db: SqliteDatabase, emitted: Emitted) -> None:
    call = owners()
    call.script[INVENTORY] = {**call.script[INVENTORY], "state": "released"}
    with pytest.raises(Undeliverable, match="MUG-1 are not reserved"):
        plan(db, call=call)
    assert (db.get(OrderPlan, ORDER), db.get(Shipment, f"shp_{NUMBER}-1"), emitted(db)) == (None, None, [])
