"""Picking: a full pick is confirmed; missing pieces leave from elsewhere, or are dropped or awaited, to the cent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from functions.warehouse.deliver_shipment import DeliverShipment, deliver_shipment
from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.list_shipments import list_shipments
from functions.warehouse.outstanding import outstanding
from functions.warehouse.pick_shipment import PickShipment, pick_shipment
from functions.warehouse.report_control_totals import report_control_totals
from functions.warehouse.settle_shorts import settle_shorts
from functions.warehouse.shipment import ShipmentAnswer
from functions.warehouse.short import Short
from functions.warehouse.stop_order import StopOrder, stop_order
from shared.errors import CallFailed, IllegalTransition, InProgress, Invalid, NotFound
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import ORDER, START, line, priced, usd
from tests.functions.warehouse.orders import INVENTORY, NUMBER, charge, confirmed, plan, reservation, reserved
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[SqliteDatabase], list[Envelope]]
FIRST, SECOND, THIRD = (f"shp_{NUMBER}-{number}" for number in (1, 2, 3))
REALLOCATE = ("POST", f"/inventory/reservations/{ORDER}/reallocate")
LATER = START + timedelta(hours=1)


def three_mugs_and_a_cup(db: SqliteDatabase) -> None:
    """One shipment from Reno: three mugs for 10.01 and 1.00 of tax, a cup for 5.00 and 0.50, shipping 6.00 and 0.60."""
    order = priced(
        line("MUG-1", 3, "3.34", discount=usd("0.01"), tax=usd("1.00")),
        line("CUP-1", 1, "5.00"),
        charges=(charge("parcel", "6.00", "0.60"),),
    )
    held = reservation(reserved("MUG-1", ("reno-us", 3)), reserved("CUP-1", ("reno-us", 1)))
    plan(db, confirmed(order), ScriptedCalls({INVENTORY: held}))


def owner(*answers: Any) -> ScriptedCalls:
    """Answers in turn: how many pieces were found where; or an error."""
    left = list(answers)

    def answer(body: dict[str, Any]) -> Any:
        found = left.pop(0)
        if isinstance(found, Exception):
            return found
        moved = [{"location": place, "quantity": pieces} for place, pieces in found.items()]
        short = body["quantity"] - sum(found.values())
        return {"order_id": ORDER, "short_id": body["short_id"], "moved": moved, "short": short}

    return ScriptedCalls({REALLOCATE: answer})


def pick(
    db: SqliteDatabase, call: ScriptedCalls, if_unavailable: str = "drop", mugs: int = 3, cups: int = 1
) -> ShipmentAnswer:
    found = [{"sku": "MUG-1", "picked": mugs}, {"sku": "CUP-1", "picked": cups}]
    command = PickShipment.model_validate({"by": "joe", "lines": found, "if_unavailable": if_unavailable})
    return pick_shipment(FIRST, command, db, call, LATER)


def dispatch(db: SqliteDatabase, shipment_id: str) -> ShipmentAnswer:
    return db.transact(lambda tx: dispatch_shipment(shipment_id, DispatchShipment(), tx, LATER))


def stop(db: SqliteDatabase) -> Any:
    return db.transact(lambda tx: stop_order(ORDER, StopOrder(by="grace", reason="cancelled"), tx, LATER))


def figures(db: SqliteDatabase) -> list[tuple[Any, ...]]:
    """Every shipment: place, state, pieces, what the goods and the shipping cost with tax, and pieces awaited."""
    return [
        (
            each.location,
            each.status,
            {part.sku: part.quantity for part in each.lines},
            (each.goods_net + each.goods_tax).amount,
            (each.shipping_net + each.shipping_tax).amount,
            each.awaiting,
        )
        for each in list_shipments(db, order_id=ORDER).items
    ]


def kinds(events: list[Envelope]) -> list[tuple[str, str]]:
    return [(event.type.partition(".")[2], event.data["shipment_id"][-1]) for event in events]


def test_a_full_pick_is_confirmed_and_asks_nobody(db: SqliteDatabase, emitted: Emitted) -> None:
    three_mugs_and_a_cup(db)
    answer = pick(db, owner())
    assert (answer.picked_by, answer.picked_at, answer.asking, answer.status) == ("joe", LATER, 0, "planned")
    assert pick(db, owner()) == answer
    assert kinds(emitted(db)) == [("planned", "1")]
    assert dispatch(db, FIRST).total == usd("23.11")


def test_found_elsewhere_they_leave_from_there(db: SqliteDatabase, emitted: Emitted) -> None:
    three_mugs_and_a_cup(db)
    call = owner({"newark-us": 1})
    pick(db, call, mugs=2)
    (asked,) = call.made
    assert asked[2] == {
        "short_id": f"{FIRST}-short-1",
        "shipment_id": FIRST,
        "sku": "MUG-1",
        "location": "reno-us",
        "quantity": 1,
    }
    assert figures(db) == [
        ("reno-us", "planned", {"MUG-1": 2, "CUP-1": 1}, "12.84", "6.60", 0),  # 6.67 + 0.67 + 5.50
        ("newark-us", "planned", {"MUG-1": 1}, "3.67", "0.00", 0),  # 3.34 + 0.33
    ]
    assert kinds(emitted(db)) == [("planned", "1"), ("planned", "2")]
    assert dispatch(db, FIRST).total == usd("19.44")
    assert dispatch(db, SECOND).total == usd("3.67")
    assert report_control_totals(db, LATER).totals["shorted.count"] == 0


def test_found_nowhere_they_are_dropped_and_not_charged(db: SqliteDatabase, emitted: Emitted) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}), mugs=1)
    assert figures(db) == [("reno-us", "planned", {"MUG-1": 1, "CUP-1": 1}, "9.17", "6.60", 0)]
    event = emitted(db)[-1]
    assert (event.type, event.data["resolution"], event.data["short_id"]) == (
        "shipment.shorted",
        "dropped",
        f"{FIRST}-short-1",
    )
    assert [(each["sku"], each["quantity"], each["net"]["amount"]) for each in event.data["lines"]] == [
        ("MUG-1", 2, "6.67")
    ]
    assert (event.data["total"]["amount"], event.data["shipping_net"]["amount"]) == ("7.34", "0.00")
    assert dispatch(db, FIRST).total == usd("23.11") - usd("7.34")
    assert report_control_totals(db, LATER).totals["shorted.count"] == 1


def test_a_shipment_of_which_nothing_is_found_is_stopped_and_its_shipping_not_charged(
    db: SqliteDatabase, emitted: Emitted
) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}, {}), mugs=0, cups=0)  # the cup is asked for first
    assert [each[1] for each in figures(db)] == ["stopped"]
    events = emitted(db)[1:]
    assert kinds(events) == [("shorted", "1"), ("stopped", "1"), ("shorted", "1")]
    shorted = [event.data for event in events if event.type == "shipment.shorted"]
    assert [each["total"]["amount"] for each in shorted] == ["5.50", "17.61"]  # 11.01 and the shipping
    assert [each["shipping_net"]["amount"] for each in shorted] == ["0.00", "6.00"]


def test_the_shipping_goes_with_what_leaves_last(db: SqliteDatabase, emitted: Emitted) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}, {"venlo-nl": 2, "newark-us": 1}), mugs=0, cups=0)
    assert figures(db)[1:] == [
        ("venlo-nl", "planned", {"MUG-1": 2}, "7.34", "0.00", 0),
        ("newark-us", "planned", {"MUG-1": 1}, "3.67", "6.60", 0),
    ]
    assert kinds(emitted(db))[1:] == [("shorted", "1"), ("planned", "2"), ("planned", "3"), ("stopped", "1")]


def test_back_ordered_pieces_wait_while_the_others_leave(db: SqliteDatabase, emitted: Emitted) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}), "backorder", mugs=1)
    assert figures(db) == [
        ("reno-us", "planned", {"MUG-1": 1, "CUP-1": 1}, "9.17", "6.60", 0),
        ("reno-us", "planned", {"MUG-1": 2}, "7.34", "0.00", 2),
    ]
    assert emitted(db)[-1].data["resolution"] == "backordered"
    assert dispatch(db, FIRST).status == "dispatched"
    with pytest.raises(IllegalTransition, match="waits for 2 pieces"):
        dispatch(db, SECOND)
    assert outstanding(db)["unsettled_shorts"] == 0


def test_a_back_order_asks_again_and_leaves_when_stock_has_come(db: SqliteDatabase, emitted: Emitted) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}), "backorder", mugs=1)
    settle_shorts(db, owner(), LATER + timedelta(minutes=14))  # not yet
    settle_shorts(db, owner({"venlo-nl": 1}), LATER + timedelta(minutes=15))
    assert figures(db)[1:] == [
        ("reno-us", "planned", {"MUG-1": 1}, "3.68", "0.00", 1),  # 3.34 + 0.34 of 6.67 + 0.67
        ("venlo-nl", "planned", {"MUG-1": 1}, "3.66", "0.00", 0),
    ]
    settle_shorts(db, owner({"venlo-nl": 2}), LATER + timedelta(minutes=30))  # both, the one of before included
    assert [each[:3] for each in figures(db)][1:] == [
        ("reno-us", "stopped", {"MUG-1": 1}),
        ("venlo-nl", "planned", {"MUG-1": 1}),
        ("venlo-nl", "planned", {"MUG-1": 1}),
    ]
    assert kinds(emitted(db))[1:] == [
        ("planned", "2"),
        ("shorted", "1"),
        ("planned", "3"),
        ("planned", "4"),
        ("stopped", "2"),
    ]
    settle_shorts(db, owner(), LATER + timedelta(days=1))  # settled: nobody is asked
    assert report_control_totals(db, LATER + timedelta(days=1)).totals["shorted.count"] == 1


def test_without_an_answer_the_shipment_waits_and_a_sweep_asks_again(db: SqliteDatabase, emitted: Emitted) -> None:
    three_mugs_and_a_cup(db)
    silent = owner(CallFailed(), CallFailed(), InProgress())
    assert pick(db, silent, mugs=2).asking == 1
    assert outstanding(db)["unsettled_shorts"] == 1
    with pytest.raises(InProgress):
        dispatch(db, FIRST)
    with pytest.raises(InProgress):
        stop(db)
    settle_shorts(db, silent, LATER)
    assert pick(db, silent, mugs=2).asking == 1  # told again: asks nobody
    settle_shorts(db, silent, LATER)
    assert len({str(made) for made in silent.made}) == 1  # always the same question
    settle_shorts(db, owner({"newark-us": 1}), LATER)
    assert outstanding(db)["unsettled_shorts"] == 0
    assert [each[2] for each in figures(db)] == [{"MUG-1": 2, "CUP-1": 1}, {"MUG-1": 1}]
    assert kinds(emitted(db)) == [("planned", "1"), ("planned", "2")]


def test_two_who_ask_at_once_move_nothing_twice(db: SqliteDatabase) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner(CallFailed()), mugs=2)
    call = owner({"newark-us": 1})
    inner = call.script[REALLOCATE]
    call.script[REALLOCATE] = lambda body: (settle_shorts(db, owner({"newark-us": 1}), LATER), inner(body))[1]
    settle_shorts(db, call, LATER)
    assert len(figures(db)) == 2


def test_an_owner_that_refuses_has_none(db: SqliteDatabase) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner(IllegalTransition("holds 0 MUG-1")), mugs=2)
    assert figures(db) == [("reno-us", "planned", {"MUG-1": 2, "CUP-1": 1}, "12.84", "6.60", 0)]


def test_stopping_ends_a_back_order(db: SqliteDatabase) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}), "backorder", mugs=1)
    assert stop(db).total == usd("23.11")
    settle_shorts(db, owner(), LATER + timedelta(days=1))
    short = db.get(Short, f"{FIRST}-short-1")
    assert short is not None
    assert short.state == "settled"


def test_pieces_of_a_back_order_can_be_cancelled(db: SqliteDatabase) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}), "backorder", mugs=1)
    one = StopOrder.model_validate(
        {"by": "grace", "reason": "r", "reduction_id": "red_1", "lines": [{"sku": "MUG-1", "quantity": 1}]}
    )
    answer = db.transact(lambda tx: stop_order(ORDER, one, tx, LATER))
    assert [(each.shipment_id, each.quantity) for each in answer.lines] == [(SECOND, 1)]
    assert figures(db)[1] == ("reno-us", "planned", {"MUG-1": 1}, "3.68", "0.00", 1)
    settle_shorts(db, owner({"venlo-nl": 1}), LATER + timedelta(hours=1))
    assert [each[:3] for each in figures(db)][1:] == [
        ("reno-us", "stopped", {"MUG-1": 1}),
        ("venlo-nl", "planned", {"MUG-1": 1}),
    ]


def test_awaited_pieces_are_cancelled_before_found_ones(db: SqliteDatabase) -> None:
    three_mugs_and_a_cup(db)
    pick(db, owner({}), "backorder", mugs=1)
    settle_shorts(db, owner({"venlo-nl": 1}), LATER + timedelta(hours=1))
    one = StopOrder.model_validate(
        {"by": "grace", "reason": "r", "reduction_id": "red_1", "lines": [{"sku": "MUG-1", "quantity": 1}]}
    )
    assert db.transact(lambda tx: stop_order(ORDER, one, tx, LATER)).stopped == [SECOND]
    assert [each[:2] for each in figures(db)] == [
        ("reno-us", "planned"),
        ("reno-us", "stopped"),
        ("venlo-nl", "planned"),
    ]


def test_what_cannot_be_picked_is_refused(db: SqliteDatabase, emitted: Emitted) -> None:
    with pytest.raises(NotFound):
        pick(db, owner())
    three_mugs_and_a_cup(db)
    with pytest.raises(Invalid, match="3 of MUG-1 are to be picked, not 4"):
        pick(db, owner(), mugs=4)
    short = PickShipment.model_validate({"by": "joe", "lines": [{"sku": "MUG-1", "picked": 3}]})
    with pytest.raises(Invalid, match="say how many of CUP-1"):
        pick_shipment(FIRST, short, db, owner(), LATER)
    pick(db, owner())
    with pytest.raises(IllegalTransition, match="nothing to pick"):
        pick(db, owner(), mugs=2)
    dispatch(db, FIRST)
    db.transact(lambda tx: deliver_shipment(FIRST, DeliverShipment(), tx, LATER))
    assert kinds(emitted(db)) == [("planned", "1"), ("dispatched", "1"), ("delivered", "1")]
