"""Pick lists: one round through a location, in walking order."""

from datetime import timedelta
from typing import Any

from functions.warehouse.dispatch_shipment import DispatchShipment, dispatch_shipment
from functions.warehouse.list_picks import list_picks
from functions.warehouse.pick_shipment import PickShipment, pick_shipment
from functions.warehouse.plan_shipments import plan_shipments
from shared.events.order import OrderConfirmed
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import START, line, priced
from tests.functions.warehouse.orders import reservation, reserved
from tests.functions.warehouse.test_short_picks import LATER
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

LOAFERS, MUG, UNSLOTTED = "L9ECAV7KIM", "6E92ZMYYFZ", "NEW-1"


def place(db: SqliteDatabase, number: int, location: str = "reno-us", **pieces: int) -> str:
    """Plan an order's one shipment, `number` minutes after eight; returns its id."""
    order_id = f"ord_{number}"
    wanted = {{"loafers": LOAFERS, "mugs": MUG, "others": UNSLOTTED}[name]: count for name, count in pieces.items()}
    order = priced(*(line(sku, count, "1.00") for sku, count in wanted.items()), order_id=order_id)
    held = reservation(*(reserved(sku, (location, count)) for sku, count in wanted.items()))
    call = ScriptedCalls({("GET", f"/inventory/reservations/{order_id}"): held})
    event = OrderConfirmed(order_id=order_id, order=order)
    plan_shipments(event, db, call, Recorded(), START + timedelta(minutes=number))
    return f"shp_{number}-1"


def rows(db: SqliteDatabase, **wanted: Any) -> list[tuple[Any, ...]]:
    found = list_picks(db, **{"location": "reno-us", **wanted}).items
    return [
        (each.bin, each.sku, each.pieces, [(part.shipment_id, part.quantity) for part in each.shipments])
        for each in found
    ]


def test_pieces_of_a_sku_are_taken_at_once_in_walking_order(db: SqliteDatabase) -> None:
    place(db, 1, loafers=1, mugs=2, others=1)
    place(db, 2, mugs=3)
    place(db, 3, "newark-us", mugs=9)
    assert rows(db) == [
        ("A-02-1", MUG, 5, [("shp_1-1", 2), ("shp_2-1", 3)]),
        ("B-03-1", LOAFERS, 1, [("shp_1-1", 1)]),
        (None, UNSLOTTED, 1, [("shp_1-1", 1)]),
    ]
    assert rows(db, location="newark-us") == [("A-02-1", MUG, 9, [("shp_3-1", 9)])]
    assert rows(db, location="atlantis") == []


def test_what_left_or_is_picked_is_on_no_list(db: SqliteDatabase) -> None:
    for number in (1, 2, 3):
        place(db, number, mugs=number)
    db.transact(lambda tx: dispatch_shipment("shp_1-1", DispatchShipment(), tx, LATER))
    picked = PickShipment.model_validate({"by": "joe", "lines": [{"sku": MUG, "picked": 2}]})
    pick_shipment("shp_2-1", picked, db, ScriptedCalls({}), LATER)
    assert rows(db) == [("A-02-1", MUG, 3, [("shp_3-1", 3)])]


def test_rounds_go_on_by_cursor_the_longest_planned_first(db: SqliteDatabase) -> None:
    for number in (1, 2, 3):
        place(db, number, mugs=1)
    first = list_picks(db, "reno-us", limit=2)
    assert [part.shipment_id for part in first.items[0].shipments] == ["shp_1-1", "shp_2-1"]
    rest = list_picks(db, "reno-us", cursor=first.next_cursor, limit=2)
    assert [part.shipment_id for part in rest.items[0].shipments] == ["shp_3-1"]
    assert rest.next_cursor is None
