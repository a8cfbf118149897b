"""Who decides at once decides once: dispatching against cancelling a line, picking or packing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.get_shipment import get_shipment
from functions.warehouse.pack_shipment import PackShipment, pack_shipment
from functions.warehouse.stop_order import StopOrder, stop_order
from shared.errors import IllegalTransition
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from shared.values.money import Money
from tests.functions.order_management.stories import ORDER, START, line, priced
from tests.functions.warehouse.orders import INVENTORY, NUMBER, confirmed, plan, reservation, reserved
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[SqliteDatabase], list[Envelope]]
ONLY = f"shp_{NUMBER}-1"


def three_mugs(db: SqliteDatabase) -> SqliteDatabase:
    """Plan an order of three mugs over 30.00 and 3.00 of tax."""
    plan(
        db,
        confirmed(priced(line("MUG-1", 3, "10.00"))),
        ScriptedCalls({INVENTORY: reservation(reserved("MUG-1", ("reno-us", 3)))}),
    )
    return db


def dispatch(db: SqliteDatabase) -> Any:
    return db.transact(lambda tx: dispatch_shipment(ONLY, DispatchShipment(), tx, START))


def cancel_one(reduction_id: str) -> Callable[[SqliteDatabase], Any]:
    command = StopOrder.model_validate(
        {"by": "ada", "reason": "r", "reduction_id": reduction_id, "lines": [{"sku": "MUG-1", "quantity": 1}]}
    )
    return lambda db: db.transact(lambda tx: stop_order(ORDER, command, tx, START))


def pack(db: SqliteDatabase) -> Any:
    return db.transact(lambda tx: pack_shipment(ONLY, PackShipment(by="joe"), tx, START))


def race(db: SqliteDatabase, *acts: Callable[[SqliteDatabase], Any]) -> list[Any]:
    together = Barrier(len(acts))

    def one(act: Callable[[SqliteDatabase], Any]) -> Any:
        together.wait()
        try:
            return act(db)
        except IllegalTransition:
            return "refused"

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


def test_what_is_cancelled_and_what_leaves_are_together_what_was_ordered(
    open_warehouse: Callable[[], SqliteDatabase], emitted: Emitted
) -> None:
    for _ in range(15):
        db = three_mugs(open_warehouse())
        _, first, second, again = race(db, dispatch, cancel_one("red_1"), cancel_one("red_2"), cancel_one("red_1"))
        reduced = {id(each): each for each in (first, second) if each != "refused"}.values()
        gone = sum(sum(part.quantity for part in each.lines) for each in reduced)
        (left,) = [event.data for event in emitted(db) if event.type == "shipment.dispatched"]
        assert left["lines"][0]["quantity"] + gone == 3
        worth = sum((each.total for each in reduced), Money.zero("USD"))
        assert Money.of(left["total"]["amount"], "USD") + worth == Money.of("33.00", "USD")
        assert again == first


def test_units_are_numbered_for_what_really_leaves(open_warehouse: Callable[[], SqliteDatabase]) -> None:
    for _ in range(15):
        db = three_mugs(open_warehouse())
        race(db, pack, cancel_one("red_1"), dispatch, pack)
        shipment = get_shipment(ONLY, db)
        assert shipment.status == "dispatched"
        assert len(shipment.sscc) in (0, len(shipment.parcels))
        assert sum(each.quantity for parcel in shipment.parcels for each in parcel.lines) == shipment.lines[0].quantity
