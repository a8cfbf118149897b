"""Pieces come back from a customer: on hand again, at the cost with which they left."""

from collections.abc import Sequence
from datetime import datetime
from itertools import permutations

import pytest

from shared.errors import Undeliverable
from shared.stock.control_totals import control_totals
from shared.stock.levels import level
from shared.stock.movements import Movement
from shared.stock.returning import take_back
from shared.stock.set_aside import Cell, SetAside
from shared.stock.stock import Stock
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, VENLO, ledger, stocked, usd
from tests.shared.stock.stories import came_back, firm_order, leaves, unexplained

BOOK = ledger()


@pytest.fixture
def order(db: Database, now: datetime) -> str:
    """Three mugs that cost 10.00 together left Newark with shp_1; one at 3.33, one at 3.34, one at 3.33."""
    stocked(db, BOOK, now, (MUG, NEWARK, 2, "3.00"), (MUG, NEWARK, 1, "4.00"), (JAR, NEWARK, 5, "1.60"))
    firm_order(db, BOOK, "ord_1", {MUG: 3, JAR: 1}, now)
    leaves(db, BOOK, now, MUG=3, JAR=1)
    return "ord_1"


def returned(db: Database, now: datetime, *what, **changed) -> None:
    event = came_back(*what, **changed)
    db.transact(lambda tx: take_back(tx, BOOK, event, now))


def costs(events: Sequence) -> list[str]:
    lines = [line for event in events if event.type == "inventory.returned" for line in event.data["lines"]]
    return [line["unit_cost"]["amount"] for line in lines for _ in range(line["quantity"])]


def test_restocked_pieces_are_for_sale_again_at_what_they_had_cost(db: Database, order: str, now: datetime, emitted):
    returned(db, now, "ret_1", (MUG, 3, "restock"))
    event = emitted(db)[-1]
    assert (event.type, event.subject) == ("inventory.returned", order)
    assert event.data == {
        "order_id": order,
        "return_id": "ret_1",
        "lines": [
            {"sku": MUG, "location": NEWARK, "quantity": 2, "unit_cost": usd("3.33").as_json(), "state": "sellable"},
            {"sku": MUG, "location": NEWARK, "quantity": 1, "unit_cost": usd("3.34").as_json(), "state": "sellable"},
        ],
    }
    stock = db.get(Stock, "MUG.0")
    assert (stock.on_hand, stock.reserved, stock.value_minor) == (3, 0, 1000)
    movement = db.get(Movement, f"ret_1.shp_1.{MUG}.{NEWARK}")
    assert (movement.kind, movement.delta, movement.value_minor) == ("return", 3, 1000)
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 3


def test_pieces_in_quarantine_are_on_the_books_but_not_for_sale(db: Database, order: str, now: datetime):
    returned(db, now, "ret_1", (MUG, 1, "restock"), (MUG, 2, "quarantine"))
    assert level(db, BOOK, MUG).available == 1
    assert db.get(SetAside, MUG).cells == {NEWARK: {"quarantine": Cell(pieces=2, value_minor=667)}}
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 3
    assert unexplained(db, BOOK, now) == {}


def test_returned_one_by_one_exactly_what_left_comes_back(db: Database, order: str, now: datetime, emitted):
    for number in range(3):
        returned(db, now, f"ret_{number}", (MUG, 1, "restock"), location=(NEWARK, RENO, VENLO)[number])
    assert costs(emitted(db)) == ["3.33", "3.34", "3.33"]
    assert [each.on_hand for each in level(db, BOOK, MUG).locations] == [1, 1, 1]
    assert db.get(Stock, "MUG.0").value_minor == 1000


def test_the_same_return_again_changes_nothing(db: Database, order: str, now: datetime, emitted):
    returned(db, now, "ret_1", (MUG, 1, "restock"))
    told = len(emitted(db))
    returned(db, now, "ret_1", (MUG, 1, "restock"))
    assert level(db, BOOK, MUG).on_hand == 1
    assert len(emitted(db)) == told


def test_what_comes_before_its_dispatch_waits_for_it(database_of, now: datetime, emitted):
    steps = {
        "left": lambda db: leaves(db, BOOK, now, MUG=3, JAR=1),
        "one": lambda db: returned(db, now, "ret_1", (MUG, 1, "restock")),
        "more": lambda db: returned(db, now, "ret_2", (MUG, 1, "quarantine"), (JAR, 1, "restock")),
    }
    for number, names in enumerate(permutations(steps)):
        db = database_of("inventory", f"story{number}")
        stocked(db, BOOK, now, (MUG, NEWARK, 2, "3.00"), (MUG, NEWARK, 1, "4.00"), (JAR, NEWARK, 5, "1.60"))
        firm_order(db, BOOK, "ord_1", {MUG: 3, JAR: 1}, now)
        for name in names:
            steps[name](db)
            steps[name](db)
        assert (level(db, BOOK, MUG).on_hand, db.get(SetAside, MUG).all_pieces) == (1, 1)
        assert level(db, BOOK, JAR).on_hand == 5
        assert len([event for event in emitted(db) if event.type == "inventory.returned"]) == 2
        assert unexplained(db, BOOK, now) == {}


def test_pieces_of_a_shipment_still_unheard_of_go_on_waiting(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 2, "2.00"), (MUG, RENO, 1, "2.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 3}, now)
    returned(db, now, "ret_2", (MUG, 1, "restock"), shipment_id="shp_2")
    leaves(db, BOOK, now, "shp_1", NEWARK, MUG=2)
    assert level(db, BOOK, MUG).on_hand == 1
    leaves(db, BOOK, now, "shp_2", RENO, MUG=1)
    assert level(db, BOOK, MUG).on_hand == 1
    assert unexplained(db, BOOK, now) == {}


@pytest.mark.parametrize(
    ("lines", "changed"),
    [
        (((MUG, 4, "restock"),), {}),
        (((MUG, 1, "restock"), (JAR, 2, "restock")), {}),
        ((("OTHER", 1, "restock"),), {}),
        (((MUG, 1, "restock"),), {"location": "paris-fr"}),
    ],
    ids=str,
)
def test_what_cannot_have_come_back_is_refused_for_good(
    db: Database, order: str, now: datetime, emitted, lines, changed
):
    told = len(emitted(db))
    with pytest.raises(Undeliverable):
        returned(db, now, "ret_1", *lines, **changed)
    assert level(db, BOOK, MUG).on_hand == 0
    assert len(emitted(db)) == told


def test_more_than_left_cannot_come_back_in_several_returns(db: Database, order: str, now: datetime):
    returned(db, now, "ret_1", (MUG, 2, "restock"))
    with pytest.raises(Undeliverable, match="2 of 3 MUG of shp_1 are back"):
        returned(db, now, "ret_2", (MUG, 2, "restock"))


def test_an_unknown_order_and_the_other_fulfilment(db: Database, now: datetime, emitted):
    returned(db, now, "ret_1", ("FURN-001", 1, "restock"), fulfilment="freight")
    assert emitted(db) == []
    with pytest.raises(Undeliverable):
        returned(db, now, "ret_1", (MUG, 1, "restock"))
