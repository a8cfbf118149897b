"""Stopping an order whole or by line: what is not charged is told to the cent, and the same id is answered again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.get_shipment import get_shipment
from functions.warehouse.list_shipments import list_shipments
from functions.warehouse.reduction import Reduced, split
from functions.warehouse.shipment import OrderPlan
from functions.warehouse.stop_order import StopOrder, stop_order
from shared.errors import IllegalTransition, InProgress
from shared.events import Envelope
from shared.events.shipment import ShipmentLine
from shared.storage.sqlite import SqliteDatabase
from shared.values.money import Money
from tests.functions.order_management.stories import ORDER, START, line, priced, usd
from tests.functions.warehouse.orders import INVENTORY, NUMBER, confirmed, plan, reservation, reserved
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[SqliteDatabase], list[Envelope]]
FIRST, SECOND, THIRD = (f"shp_{NUMBER}-{number}" for number in (1, 2, 3))
LATER = START + timedelta(hours=1)


def stop(db: SqliteDatabase, reduction_id: str = "red_1", order_id: str = ORDER, **lines: int) -> Reduced:
    wanted = [{"sku": sku.replace("_", "-"), "quantity": quantity} for sku, quantity in lines.items()] or None
    command = StopOrder.model_validate(
        {"by": "grace", "reason": "too many", "reduction_id": reduction_id, "lines": wanted}
    )
    return db.transact(lambda tx: stop_order(order_id, command, tx, LATER))


def dispatch(db: SqliteDatabase, shipment_id: str) -> None:
    db.transact(lambda tx: dispatch_shipment(shipment_id, DispatchShipment(), tx, LATER))


def figures(answer: Reduced) -> list[tuple[Any, ...]]:
    return [(each.shipment_id, each.sku, each.quantity, each.net.amount, each.tax.amount) for each in answer.lines]


def test_a_whole_stop_names_every_piece_and_the_shipping(db: SqliteDatabase) -> None:
    plan(db)
    answer = stop(db)
    assert figures(answer) == [
        (FIRST, "MUG-1", 2, "6.67", "0.67"),
        (SECOND, "MUG-1", 1, "3.34", "0.33"),
        (THIRD, "FURN-1", 2, "1000.00", "100.00"),
    ]
    assert [(each.location, each.fulfilment, each.tax_rate) for each in answer.lines][1:] == [
        ("reno-us", "parcel", "0.1"),
        ("reno-us", "freight", "0.1"),
    ]
    assert (answer.shipping_net, answer.shipping_tax, answer.total) == (usd("105.00"), usd("10.50"), usd("1226.51"))
    assert (answer.stopped, answer.already_left) == ([FIRST, SECOND, THIRD], [])


def test_a_whole_stop_after_the_first_left_takes_only_the_rest(db: SqliteDatabase) -> None:
    plan(db)
    dispatch(db, FIRST)
    answer = stop(db)
    assert answer.total == usd("1226.51") - usd("11.00")
    assert (answer.stopped, answer.already_left) == ([SECOND, THIRD], [FIRST])


def test_nothing_is_stopped_when_everything_has_left(db: SqliteDatabase) -> None:
    plan(db)
    for shipment_id in (FIRST, SECOND, THIRD):
        dispatch(db, shipment_id)
    with pytest.raises(IllegalTransition, match=r"everything of ord_.* has left"):
        stop(db)
    found = db.get(OrderPlan, ORDER)
    assert found is not None
    assert not found.stopped


def test_a_line_shrinks_its_shipment_by_exactly_what_the_answer_says(db: SqliteDatabase, emitted: Emitted) -> None:
    call = ScriptedCalls({INVENTORY: reservation(reserved("MUG-1", ("reno-us", 3)))})
    plan(db, confirmed(priced(line("MUG-1", 3, "3.34", discount=usd("0.01"), tax=usd("1.00")))), call)
    answer = stop(db, MUG_1=1)
    assert figures(answer) == [(FIRST, "MUG-1", 1, "3.34", "0.33")]
    assert (answer.shipping_net, answer.total, answer.stopped) == (usd("0.00"), usd("3.67"), [])
    left = get_shipment(FIRST, db)
    assert [(each.quantity, each.net.amount, each.tax.amount) for each in left.lines] == [(2, "6.67", "0.67")]
    assert (left.goods_net, left.goods_tax, left.total) == (usd("6.67"), usd("0.67"), usd("7.34"))
    assert [(each.weight_g, each.lines[0].quantity) for each in left.parcels] == [(800, 2)]
    assert [event.type for event in emitted(db)] == ["shipment.planned"]
    dispatch(db, FIRST)
    assert emitted(db)[-1].data["total"] == {"currency": "USD", "amount": "7.34"}


def test_the_last_shipment_gives_first_and_an_emptied_one_is_not_charged(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    answer = stop(db, MUG_1=2)
    assert figures(answer) == [(SECOND, "MUG-1", 1, "3.34", "0.33"), (FIRST, "MUG-1", 1, "3.33", "0.33")]
    assert (answer.shipping_net, answer.shipping_tax, answer.total) == (usd("1.67"), usd("0.17"), usd("9.17"))
    assert (answer.stopped, answer.already_left) == ([SECOND], [])
    first = get_shipment(FIRST, db)
    assert (first.status, first.total) == ("planned", usd("3.34") + usd("0.34") + usd("3.33") + usd("0.33"))
    assert [event.data["shipment_id"] for event in emitted(db) if event.type == "shipment.stopped"] == [SECOND]
    with pytest.raises(IllegalTransition):
        dispatch(db, SECOND)
    dispatch(db, FIRST)
    dispatch(db, THIRD)


def test_the_same_id_is_answered_again_and_takes_nothing_more(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    first = stop(db, MUG_1=1)
    events, shipments = emitted(db), list_shipments(db, order_id=ORDER)
    assert stop(db, MUG_1=1) == first
    assert (emitted(db), list_shipments(db, order_id=ORDER)) == (events, shipments)
    assert stop(db, "red_2", MUG_1=1) != first
    with pytest.raises(IllegalTransition, match="another order"):
        stop(db, order_id="ord_other")


def test_more_than_has_not_left_is_refused_and_nothing_changes(db: SqliteDatabase, emitted: Emitted) -> None:
    plan(db)
    dispatch(db, FIRST)
    events, shipments = emitted(db), list_shipments(db, order_id=ORDER)
    for lines in ({"MUG_1": 2}, {"FURN_1": 2, "MUG_1": 2}, {"CUP_1": 1}):
        with pytest.raises(IllegalTransition, match="have not left"):
            stop(db, **lines)
    assert (emitted(db), list_shipments(db, order_id=ORDER)) == (events, shipments)
    assert stop(db, MUG_1=1).stopped == [SECOND]


def test_lines_of_an_order_that_is_not_planned_yet_are_asked_again(db: SqliteDatabase) -> None:
    with pytest.raises(InProgress):
        stop(db, MUG_1=1)
    plan(db)
    assert stop(db, MUG_1=1).lines[0].quantity == 1


def test_lines_of_a_stopped_order_are_refused(db: SqliteDatabase) -> None:
    stop(db)
    with pytest.raises(IllegalTransition, match="only 0 pieces"):
        stop(db, "red_2", MUG_1=1)


@given(st.integers(-10_000, 10_000), st.integers(0, 5_000), st.integers(1, 40), st.data())
def test_what_remains_and_what_is_taken_is_what_was(net: int, tax: int, quantity: int, data: st.DataObject) -> None:
    whole = ShipmentLine(
        sku="MUG-1", name="Mug", quantity=quantity, net=Money("USD", net), tax=Money("USD", tax), tax_rate="0.1"
    )
    taken = data.draw(st.integers(1, quantity))
    rest, gone = split(whole, taken)
    parts = [gone] if rest is None else [rest, gone]
    assert sum(each.quantity for each in parts) == quantity
    assert sum(each.net.minor for each in parts) == net
    assert sum(each.tax.minor for each in parts) == tax
    assert (rest is None) == (taken == quantity)
