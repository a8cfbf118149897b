"""What is on hand is set right with a reason, at cost, and never below what orders hold."""

from datetime import datetime

import pytest
from pydantic import ValidationError

from shared.errors import Invalid
from shared.stock.adjusting import Adjustment, AdjustStock, adjust
from shared.stock.control_totals import control_totals
from shared.stock.levels import level
from shared.stock.movements import Movement
from shared.stock.moving import MoveStock, move
from shared.stock.stock import Stock
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, ledger, reserved, stocked, usd
from tests.shared.stock.stories import unexplained

BOOK = ledger()
FREE = f"pieces of MUG are free at {NEWARK}"


@pytest.fixture
def mugs(db: Database, now: datetime) -> None:
    """Ten mugs in Newark that cost 25.00 together, four of them held; two more in Reno, at 2.50 each."""
    stocked(db, BOOK, now, (MUG, NEWARK, 5, "2.00"), (MUG, NEWARK, 5, "3.00"), (MUG, RENO, 2, "2.50"))
    reserved(db, BOOK, "ord_1", {MUG: 4}, now)


def adjusted(db: Database, now: datetime, delta: int, adjustment_id: str = "adj_1", **changed) -> Adjustment:
    body = {"sku": MUG, "location": NEWARK, "delta": delta, "reason": "broken in the aisle", "by": "joe", **changed}
    command = AdjustStock.model_validate(body)
    return db.transact(lambda tx: adjust(tx, BOOK, adjustment_id, command, now))


def test_vanished_pieces_leave_at_average_cost(db: Database, mugs: None, now: datetime, emitted):
    answer = adjusted(db, now, -3)
    assert answer.model_dump() == {
        "adjustment_id": "adj_1",
        "sku": MUG,
        "location": NEWARK,
        "state": "sellable",
        "delta": -3,
        "value": usd("-7.50").as_json(),
        "on_hand": 7,
    }
    event = emitted(db)[-1]
    assert (event.type, event.subject) == ("inventory.adjusted", "adj_1")
    assert event.data == {
        "adjustment_id": "adj_1",
        "by": "joe",
        "reason": "broken in the aisle",
        "lines": [
            {"sku": MUG, "location": NEWARK, "state": "sellable", "delta": -3, "value": usd("-7.50").as_json()},
        ],
    }
    movement = db.get(Movement, f"adj_1.{MUG}.{NEWARK}")
    assert (movement.kind, movement.delta, movement.value_minor) == ("adjustment", -3, -750)
    assert (db.get(Stock, "MUG.0").on_hand, db.get(Stock, "MUG.0").value_minor) == (9, 2250)
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 9
    assert unexplained(db, BOOK, now) == {}


def test_found_pieces_come_in_at_average_cost_and_leave_it_as_it_was(db: Database, mugs: None, now: datetime):
    assert adjusted(db, now, 3, location=RENO, reason="found").value == usd("7.50")
    assert db.get(Stock, "MUG.0").average_cost_minor == 250
    assert unexplained(db, BOOK, now) == {}


def test_found_where_there_was_no_stock_they_cost_what_opening_stock_did(db: Database, now: datetime):
    assert adjusted(db, now, 2, sku=JAR).value == usd("4.80")  # 2 x 2.40
    assert unexplained(db, BOOK, now) == {}


def test_a_cost_that_does_not_divide_leaves_no_cent_behind(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 2, "3.33"), (MUG, NEWARK, 1, "3.34"))
    values = [adjusted(db, now, -1, f"adj_{n}").value for n in range(3)]
    assert values == [usd("-3.33"), usd("-3.34"), usd("-3.33")]
    assert db.get(Stock, "MUG.0").value_minor == 0


@pytest.mark.parametrize(
    ("delta", "changed", "field", "says"),
    [
        (-7, {}, "delta", f"expected at least -6: 6 sellable {FREE}, 4 more are held for orders"),
        (-1, {"state": "damaged"}, "delta", f"expected at least 0: 0 damaged {FREE}"),
        (0, {}, "delta", "expected more or less than zero"),
        (1, {"sku": "FURN-001"}, "sku", "expected a parcel product: MUG, JAR"),
        (1, {"location": "paris-fr"}, "location", "expected one of newark-us, reno-us, venlo-nl"),
    ],
)
def test_a_wrong_field_is_named_with_what_would_be_right(
    db: Database, mugs: None, now: datetime, emitted, delta, changed, field, says
):
    told = len(emitted(db))
    with pytest.raises(Invalid) as refused:
        adjusted(db, now, delta, **changed)
    assert refused.value.extra["errors"] == [{"field": field, "message": says}]
    assert len(emitted(db)) == told
    assert level(db, BOOK, MUG).on_hand == 12


def test_pieces_in_transit_are_set_right_by_their_transfer_alone():
    with pytest.raises(ValidationError):
        AdjustStock(sku=MUG, location=NEWARK, state="in_transit", delta=1, reason="found", by="joe")


def test_a_change_of_state_keeps_every_piece_and_cent_on_the_books(db: Database, mugs: None, now: datetime, emitted):
    command = MoveStock(
        sku=MUG, location=NEWARK, from_state="sellable", to_state="damaged", quantity=3, reason="wet", by="joe"
    )
    moved = db.transact(lambda tx: move(tx, BOOK, "mov_1", command, now))
    assert (moved.value, moved.quantity) == (usd("7.50"), 3)
    shown = level(db, BOOK, MUG)
    assert (shown.on_hand, shown.available, shown.damaged) == (9, 5, 3)
    assert [each.damaged for each in shown.locations] == [3, 0, 0]
    assert emitted(db)[-1].type == "inventory.moved"
    assert emitted(db)[-1].data == {
        "movement_id": "mov_1",
        "sku": MUG,
        "quantity": 3,
        "from_location": NEWARK,
        "from_state": "sellable",
        "to_location": NEWARK,
        "to_state": "damaged",
        "reason": "wet",
    }
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 12
    assert unexplained(db, BOOK, now) == {}
    assert adjusted(db, now, -3, state="damaged", reason="thrown away").value == usd("-7.50")
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 9
    assert unexplained(db, BOOK, now) == {}


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"quantity": 7}, "quantity"), ({"to_state": "sellable"}, "to_state"), ({"from_state": "quarantine"}, "quantity")],
)
def test_held_pieces_and_those_that_are_not_there_do_not_move(
    db: Database, mugs: None, now: datetime, emitted, changed, field
):
    told = len(emitted(db))
    body = {"sku": MUG, "location": NEWARK, "from_state": "sellable", "to_state": "damaged", "quantity": 1}
    command = MoveStock.model_validate(body | {"reason": "wet", "by": "joe"} | changed)
    with pytest.raises(Invalid) as refused:
        db.transact(lambda tx: move(tx, BOOK, "mov_1", command, now))
    assert refused.value.extra["errors"][0]["field"] == field
    assert len(emitted(db)) == told
