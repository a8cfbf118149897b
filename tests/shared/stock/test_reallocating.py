"""A pick falls short: what was not there is written off, and the order gets pieces from elsewhere."""

from datetime import datetime

import pytest

from shared.errors import IllegalTransition, NotFound
from shared.stock.control_totals import control_totals
from shared.stock.holding import release
from shared.stock.levels import level
from shared.stock.movements import Movement
from shared.stock.reservations import Reservation
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, VENLO, ledger, picks, stocked, usd
from tests.shared.stock.stories import firm_order, leaves, short_pick, unexplained

BOOK = ledger()


@pytest.fixture
def order(db: Database, now: datetime) -> str:
    """Five mugs of ord_1 lie in Newark (6 there at 2.00, 3 in Reno and 4 in Venlo at 3.00); Reno is nearer."""
    stocked(db, BOOK, now, (MUG, NEWARK, 6, "2.00"), (MUG, RENO, 3, "3.00"), (MUG, VENLO, 4, "3.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 5}, now)
    return "ord_1"


def at(db: Database, location: str) -> tuple[int, int]:
    """On hand and held of the mug."""
    return next((each.on_hand, each.reserved) for each in level(db, BOOK, MUG).locations if each.location == location)


def test_pieces_of_the_nearest_location_take_the_place_of_those_not_found(db: Database, order: str, now: datetime):
    answer = short_pick(db, BOOK, now)
    assert answer.model_dump() == {
        "order_id": order,
        "short_id": "sho_1",
        "moved": [{"location": RENO, "quantity": 2}],
        "short": 0,
    }
    assert picks(db.get(Reservation, order)) == {(MUG, NEWARK): 3, (MUG, RENO): 2}
    assert (at(db, NEWARK), at(db, RENO), at(db, VENLO)) == ((4, 3), (3, 2), (4, 0))
    assert unexplained(db, BOOK, now) == {}


def test_what_was_not_found_is_a_count_difference_at_its_cost(db: Database, order: str, now: datetime, emitted):
    told = len(emitted(db))
    short_pick(db, BOOK, now)
    released, adjusted, again = emitted(db)[told:]
    # 13 mugs cost 6 x 2.00 + 7 x 3.00 = 33.00: two of them 66/13 = 5.08
    assert (adjusted.type, adjusted.subject) == ("inventory.adjusted", "adj_sho_1")
    assert adjusted.data == {
        "adjustment_id": "adj_sho_1",
        "by": "warehouse",
        "reason": "short_pick",
        "lines": [
            {"sku": MUG, "location": NEWARK, "state": "sellable", "delta": -2, "value": usd("-5.08").as_json()},
        ],
    }
    movement = db.get(Movement, f"sho_1.{MUG}.{NEWARK}")
    assert (movement.kind, movement.delta, movement.value_minor) == ("adjustment", -2, -508)
    assert (released.type, released.data["reason"]) == ("inventory.released", "short_pick")
    assert released.data["lines"] == [{"sku": MUG, "location": NEWARK, "quantity": 2}]
    assert (again.type, again.data["lines"]) == (
        "inventory.reserved",
        [{"sku": MUG, "location": RENO, "quantity": 2}],
    )
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 11


def test_one_location_that_has_all_is_preferred_to_two_nearer_ones(db: Database, order: str, now: datetime):
    assert [(each.location, each.quantity) for each in short_pick(db, BOOK, now, quantity=4).moved] == [(VENLO, 4)]


def test_more_than_one_location_has_is_taken_from_the_nearest_on(db: Database, order: str, now: datetime):
    moved = short_pick(db, BOOK, now, quantity=5).moved
    assert [(each.location, each.quantity) for each in moved] == [(RENO, 3), (VENLO, 2)]
    assert at(db, NEWARK) == (1, 0)


def test_what_is_nowhere_else_is_short_and_found_when_stock_has_come(db: Database, now: datetime, emitted):
    stocked(db, BOOK, now, (MUG, NEWARK, 5, "2.00"), (MUG, RENO, 1, "2.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 5}, now)
    first = short_pick(db, BOOK, now, quantity=3)
    assert ([each.quantity for each in first.moved], first.short) == ([1], 2)
    assert short_pick(db, BOOK, now, quantity=3) == first
    stocked(db, BOOK, now, (JAR, VENLO, 1, "1.00"), (JAR, VENLO, 1, "1.00"), (MUG, VENLO, 1, "2.00"))
    later = short_pick(db, BOOK, now, quantity=3)
    assert ({each.location: each.quantity for each in later.moved}, later.short) == ({RENO: 1, VENLO: 1}, 1)
    assert len([event for event in emitted(db) if event.type == "inventory.adjusted"]) == 1
    assert unexplained(db, BOOK, now) == {}


def test_asking_again_answers_the_same_and_writes_off_nothing_more(db: Database, order: str, now: datetime, emitted):
    first = short_pick(db, BOOK, now)
    before = level(db, BOOK, MUG), len(emitted(db))
    assert short_pick(db, BOOK, now) == first
    assert (level(db, BOOK, MUG), len(emitted(db))) == before


def test_an_order_waits_for_missing_pieces_before_it_is_committed(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 5, "2.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 5}, now)
    assert short_pick(db, BOOK, now).short == 2
    leaves(db, BOOK, now, MUG=3)
    assert db.get(Reservation, "ord_1").state == "firm"
    stocked(db, BOOK, now, (JAR, NEWARK, 1, "1.00"), (MUG, RENO, 2, "2.00"))
    assert short_pick(db, BOOK, now).short == 0
    leaves(db, BOOK, now, "shp_2", RENO, MUG=2)
    assert db.get(Reservation, "ord_1").state == "committed"
    assert unexplained(db, BOOK, now) == {}


@pytest.mark.parametrize(
    "wrong", [{"quantity": 6}, {"location": RENO}, {"sku": JAR}, {"location": "paris-fr"}], ids=str
)
def test_what_the_order_does_not_hold_there_is_refused_and_nothing_written(
    db: Database, order: str, now: datetime, emitted, wrong
):
    told = len(emitted(db))
    with pytest.raises(IllegalTransition):
        short_pick(db, BOOK, now, **wrong)
    assert len(emitted(db)) == told
    assert at(db, NEWARK) == (6, 5)


def test_a_short_pick_keeps_its_figures(db: Database, order: str, now: datetime):
    short_pick(db, BOOK, now)
    with pytest.raises(IllegalTransition, match="sho_1 was of 2 MUG at newark-us"):
        short_pick(db, BOOK, now, quantity=1)


def test_without_a_firm_reservation_nothing_is_short(db: Database, order: str, now: datetime):
    answered = short_pick(db, BOOK, now)
    db.transact(lambda tx: release(tx, BOOK, order, "cancelled", "order cancelled", now))
    assert short_pick(db, BOOK, now) == answered
    with pytest.raises(IllegalTransition):
        short_pick(db, BOOK, now, short_id="sho_2")
    assert level(db, BOOK, MUG).reserved == 0


def test_an_order_without_reservation_is_not_found(db: Database, now: datetime):
    with pytest.raises(NotFound):
        short_pick(db, BOOK, now)


def test_pieces_of_several_shards_are_written_off_and_found(db: Database, now: datetime):
    book = ledger(shards=3)
    stocked(db, book, now, (MUG, NEWARK, 6, "1.00"), (MUG, RENO, 7, "1.01"))
    firm_order(db, book, "ord_1", {MUG: 6}, now)
    assert [each.model_dump() for each in short_pick(db, book, now, quantity=5).moved] == [
        {"location": RENO, "quantity": 5}
    ]
    assert (level(db, book, MUG).on_hand, level(db, book, MUG).reserved) == (8, 6)
    assert unexplained(db, book, now) == {}
