"""A shipment leaves, arrives or is stopped, once; warehouse decides between leaving and stopping."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from functions.warehouse.deliver_shipment import DeliverShipment, deliver_shipment
from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.get_shipment import get_shipment
from functions.warehouse.list_shipments import list_shipments
from functions.warehouse.reduction import Reduced
from functions.warehouse.report_control_totals import report_control_totals
from functions.warehouse.shipment import ShipmentAnswer
from functions.warehouse.stop_order import StopOrder, stop_order
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.events import Envelope
from shared.events.shipment import ShipmentDelivered
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import ORDER, START, usd
from tests.functions.warehouse.orders import NUMBER, one_mug, plan

Emitted = Callable[[SqliteDatabase], list[Envelope]]
FIRST, SECOND, THIRD = (f"shp_{NUMBER}-{number}" for number in (1, 2, 3))
LATER = START + timedelta(hours=1)


def dispatch(db: SqliteDatabase, shipment_id: str = FIRST, carrier: str | None = None) -> ShipmentAnswer:
    command = DispatchShipment(carrier=carrier)
    return db.transact(lambda tx: dispatch_shipment(shipment_id, command, tx, LATER))


def deliver(db: SqliteDatabase, shipment_id: str = FIRST) -> ShipmentAnswer:
    return db.transact(lambda tx: deliver_shipment(shipment_id, DeliverShipment(), tx, LATER + timedelta(days=1)))


def stop(db: SqliteDatabase) -> Reduced:
    return db.transact(lambda tx: stop_order(ORDER, StopOrder(by="grace", reason="cancelled"), tx, LATER))


def test_dispatching_gives_a_tracking_number_and_publishes_what_is_owed(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    answer = dispatch(db)
    event = emitted(db)[-1]
    assert (answer.status, answer.dispatched_at, answer.carrier) == ("dispatched", LATER, "boutique_parcel")
    assert (event.type, event.time) == ("shipment.dispatched", LATER)
    assert event.data == {
        "order_id": ORDER,
        "shipment_id": FIRST,
        "fulfilment": "parcel",
        "location": "newark-us",
        "lines": [
            {
                "sku": "MUG-1",
                "name": "The MUG-1",
                "quantity": 2,
                "net": {"currency": "USD", "amount": "6.67"},
                "tax": {"currency": "USD", "amount": "0.67"},
                "tax_rate": "0.1",
            }
        ],
        "goods_net": {"currency": "USD", "amount": "6.67"},
        "goods_tax": {"currency": "USD", "amount": "0.67"},
        "shipping_net": {"currency": "USD", "amount": "3.33"},
        "shipping_tax": {"currency": "USD", "amount": "0.33"},
        "total": {"currency": "USD", "amount": "11.00"},
        "tracking_number": answer.tracking_number,
        "carrier": "boutique_parcel",
        "customer_id": "cus_ada",
        "email": "ada@example.com",
        "first_name": "Ada",
        "shipping_address": {
            "street_address": "1 Example Street",
            "city": "Mountain View",
            "state": "CA",
            "country": "US",
            "zip_code": "94043",
        },
    }


def test_delivering_publishes_what_was_earned(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    dispatch(db)
    assert deliver(db).status == "delivered"
    event = emitted(db)[-1]
    assert (event.type, event.time) == ("shipment.delivered", LATER + timedelta(days=1))
    assert ShipmentDelivered.model_validate(event.data).total == usd("11.00")
    assert "email" not in event.data


def test_repeats_are_answered_again_and_publish_nothing(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    assert dispatch(db) == dispatch(db)
    arrived = deliver(db)
    assert deliver(db) == arrived
    assert dispatch(db) == arrived
    assert [event.type for event in emitted(db)][3:] == ["shipment.dispatched", "shipment.delivered"]


def test_what_has_not_left_cannot_arrive(db: SqliteDatabase) -> None:
    plan(db)
    with pytest.raises(IllegalTransition, match="is planned, not dispatched"):
        deliver(db)


def test_a_stopped_shipment_neither_leaves_nor_arrives(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    stop(db)
    for act in (dispatch, deliver):
        with pytest.raises(IllegalTransition, match="is stopped"):
            act(db)
    assert {event.type for event in emitted(db)} == {"shipment.planned", "shipment.stopped"}


def test_what_is_not_known_is_not_found(db: SqliteDatabase) -> None:
    for act in (dispatch, deliver):
        with pytest.raises(NotFound):
            act(db)
    with pytest.raises(NotFound):
        get_shipment(FIRST, db)


def test_a_carrier_must_carry_such_shipments(db: SqliteDatabase) -> None:
    plan(db)
    with pytest.raises(Invalid, match="boutique_parcel carries parcel shipments"):
        dispatch(db, carrier="boutique_freight")
    assert get_shipment(FIRST, db).status == "planned"
    assert dispatch(db, THIRD, "boutique_freight").carrier == "boutique_freight"


def test_stopping_spares_what_has_left(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    dispatch(db, SECOND)
    answer = stop(db)
    assert (answer.stopped, answer.already_left) == ([FIRST, THIRD], [SECOND])
    assert [(event.type, event.subject, event.data.get("reason")) for event in emitted(db)][4:] == [
        ("shipment.stopped", ORDER, "cancelled"),
        ("shipment.stopped", ORDER, "cancelled"),
    ]
    before = emitted(db)
    assert stop(db) == answer
    assert emitted(db) == before


def test_stopping_an_unknown_order_is_no_error_and_stays(db: SqliteDatabase) -> None:
    for _ in range(2):
        assert stop(db) == Reduced(order_id=ORDER, stopped=[], already_left=[])


def test_dispatch_and_stop_at_once_are_decided_once(
    open_warehouse: Callable[[], SqliteDatabase], emitted: Emitted
) -> None:
    outcomes = set()
    for _ in range(15):
        db = open_warehouse()
        shipment_id = one_mug(db)
        together = Barrier(4)

        def race(act: Callable[[SqliteDatabase], Any], db: SqliteDatabase = db, together: Barrier = together) -> Any:
            together.wait()
            try:
                return act(db)
            except IllegalTransition:
                return "refused"

        with ThreadPoolExecutor(4) as threads:
            dispatched, stopped, again, _ = threads.map(race, [dispatch, stop, dispatch, stop])
        status = get_shipment(shipment_id, db).status
        outcomes.add(status)
        assert [event.type for event in emitted(db)] == ["shipment.planned", f"shipment.{status}"]
        if status == "dispatched":
            assert dispatched == again == get_shipment(shipment_id, db)
            assert stopped == "refused"
        else:
            assert (dispatched, again) == ("refused", "refused")
            assert (stopped.stopped, stopped.already_left) == ([shipment_id], [])
    assert outcomes <= {"dispatched", "stopped"}


def test_lists_by_order_by_status_and_page_by_page(db: SqliteDatabase) -> None:
    plan(db)
    dispatch(db, SECOND)

    def ids(**wanted: Any) -> list[str]:
        return [each.shipment_id for each in list_shipments(db, **wanted).items]

    assert ids(order_id=ORDER) == ids() == [FIRST, SECOND, THIRD]
    assert ids(status="planned") == [FIRST, THIRD]
    assert ids(status="dispatched", order_id=ORDER) == [SECOND]
    assert ids(order_id="ord_other") == []
    page = list_shipments(db, status="planned", limit=1)
    assert [each.shipment_id for each in page.items] == [FIRST]
    assert ids(status="planned", limit=1, cursor=page.next_cursor) == [THIRD]


def test_control_totals_by_the_times_of_the_events(db: SqliteDatabase) -> None:
    plan(db)
    dispatch(db, FIRST)
    dispatch(db, THIRD)
    deliver(db, FIRST)
    whole = report_control_totals(db, LATER + timedelta(days=2))
    assert (whole.service, whole.totals) == (
        "warehouse",
        {
            "planned.count": 3,
            "dispatched.count": 2,
            "delivered.count": 1,
            "shorted.count": 0,
            "returned.count": 0,
            "returns_lapsed.count": 0,
            "dispatched.total.USD": 122100,
        },
    )
    assert report_control_totals(db, LATER, START).totals == {
        "planned.count": 3,
        "dispatched.count": 0,
        "delivered.count": 0,
        "shorted.count": 0,
        "returned.count": 0,
        "returns_lapsed.count": 0,
    }
