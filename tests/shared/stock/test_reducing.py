"""An order gives up pieces: exactly those are for sale again."""

from datetime import datetime
from itertools import permutations

import pytest

from shared.errors import Undeliverable
from shared.stock.holding import release
from shared.stock.levels import level
from shared.stock.reducing import reduce
from shared.stock.reservations import Reservation
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, ledger, picks, stocked
from tests.shared.stock.stories import firm_order, leaves, reduction, short_pick, unexplained

BOOK = ledger()


@pytest.fixture
def order(db: Database, now: datetime) -> str:
    """Four mugs of Newark and two of Reno, and a jar of Newark."""
    stocked(db, BOOK, now, (MUG, NEWARK, 4, "2.00"), (MUG, RENO, 3, "2.00"), (JAR, NEWARK, 9, "1.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 6, JAR: 1}, now)
    return "ord_1"


def reduced(db: Database, now: datetime, *what, **changed) -> None:
    event = reduction(*what, **changed)
    db.transact(lambda tx: reduce(tx, BOOK, event, now))


def test_exactly_the_pieces_given_up_are_for_sale_again(db: Database, order: str, now: datetime, emitted):
    reduced(db, now, "red_1", (MUG, NEWARK, 1), (MUG, RENO, 2))
    assert picks(db.get(Reservation, order)) == {(MUG, NEWARK): 3, (JAR, NEWARK): 1}
    assert [(each.on_hand, each.reserved) for each in level(db, BOOK, MUG).locations][:2] == [(4, 3), (3, 0)]
    event = emitted(db)[-1]
    assert (event.type, event.data["reason"]) == ("inventory.released", "reduced")
    assert event.data["lines"] == [
        {"sku": MUG, "location": NEWARK, "quantity": 1},
        {"sku": MUG, "location": RENO, "quantity": 2},
    ]
    assert db.get(Reservation, order).state == "firm"
    assert unexplained(db, BOOK, now) == {}


def test_the_same_reduction_again_changes_nothing(db: Database, order: str, now: datetime, emitted):
    reduced(db, now, "red_1", (MUG, NEWARK, 1))
    told = len(emitted(db))
    reduced(db, now, "red_1", (MUG, NEWARK, 1))
    assert level(db, BOOK, MUG).reserved == 5
    assert len(emitted(db)) == told


def test_dispatch_and_reductions_end_alike_in_every_order(database_of, now: datetime):
    def dispatch(db):
        leaves(db, BOOK, now, MUG=3, JAR=1)

    def one(db):
        reduced(db, now, "red_1", (MUG, NEWARK, 1))

    def another(db):
        reduced(db, now, "red_2", (MUG, RENO, 2))

    for number, steps in enumerate(permutations((dispatch, one, another))):
        db = database_of("inventory", f"story{number}")
        stocked(db, BOOK, now, (MUG, NEWARK, 4, "2.00"), (MUG, RENO, 3, "2.00"), (JAR, NEWARK, 9, "1.00"))
        firm_order(db, BOOK, "ord_1", {MUG: 6, JAR: 1}, now)
        for step in steps:
            step(db)
        assert db.get(Reservation, "ord_1").state == "committed"
        assert (level(db, BOOK, MUG).on_hand, level(db, BOOK, MUG).reserved) == (4, 0)
        assert unexplained(db, BOOK, now) == {}


def test_an_order_that_gives_up_all_of_it_before_anything_left_is_released(db: Database, order: str, now: datetime):
    reduced(db, now, "red_1", (MUG, NEWARK, 4), (MUG, RENO, 2), (JAR, NEWARK, 1))
    reservation = db.get(Reservation, order)
    assert (reservation.state, reservation.ending.cause) == ("released", "reduced")
    reduced(db, now, "red_2", (MUG, NEWARK, 1))
    assert level(db, BOOK, MUG).reserved == level(db, BOOK, JAR).reserved == 0


def test_pieces_dropped_after_a_short_pick_are_not_released_a_second_time(db: Database, now: datetime, emitted):
    stocked(db, BOOK, now, (MUG, NEWARK, 4, "2.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 4}, now)
    assert short_pick(db, BOOK, now).short == 2
    told = len(emitted(db))
    reduced(db, now, "sho_1", (MUG, NEWARK, 2))
    assert (level(db, BOOK, MUG).on_hand, level(db, BOOK, MUG).reserved) == (2, 2)
    assert len(emitted(db)) == told
    stocked(db, BOOK, now, (JAR, NEWARK, 1, "1.00"), (MUG, RENO, 9, "2.00"))
    assert short_pick(db, BOOK, now).moved == []
    leaves(db, BOOK, now, MUG=2)
    assert db.get(Reservation, "ord_1").state == "committed"


def test_a_back_order_is_given_up_before_what_is_held(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 4, "2.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 4}, now)
    assert short_pick(db, BOOK, now).short == 2
    reduced(db, now, "red_1", (MUG, NEWARK, 3))
    reservation = db.get(Reservation, "ord_1")
    assert (picks(reservation), reservation.amendments.shorts[0].missing) == ({(MUG, NEWARK): 1}, 0)
    assert level(db, BOOK, MUG).reserved == 1
    assert unexplained(db, BOOK, now) == {}
    leaves(db, BOOK, now, MUG=1)
    assert db.get(Reservation, "ord_1").state == "committed"


def test_pieces_found_elsewhere_are_given_up_there(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 4, "2.00"), (MUG, RENO, 1, "2.00"))
    firm_order(db, BOOK, "ord_1", {MUG: 4}, now)
    assert short_pick(db, BOOK, now).short == 1
    reduced(db, now, "red_1", (MUG, RENO, 1))
    reservation = db.get(Reservation, "ord_1")
    assert (picks(reservation), reservation.amendments.shorts[0].missing) == ({(MUG, NEWARK): 2}, 1)


@pytest.mark.parametrize(
    "lines", [((MUG, NEWARK, 5),), ((MUG, "venlo-nl", 1),), ((JAR, NEWARK, 1), ("OTHER", NEWARK, 1))]
)
def test_more_than_the_order_has_is_refused_for_good_and_changes_nothing(
    db: Database, order: str, now: datetime, emitted, lines
):
    told = len(emitted(db))
    with pytest.raises(Undeliverable):
        reduced(db, now, "red_1", *lines)
    assert picks(db.get(Reservation, order)) == {(MUG, NEWARK): 4, (MUG, RENO): 2, (JAR, NEWARK): 1}
    assert len(emitted(db)) == told


def test_the_other_fulfilments_pieces_are_no_concern(db: Database, order: str, now: datetime):
    reduced(db, now, "red_1", ("FURN-001", NEWARK, 1), fulfilment="freight")
    assert db.get(Reservation, order).amendments is None


def test_after_a_release_there_is_nothing_to_give_up(db: Database, order: str, now: datetime):
    db.transact(lambda tx: release(tx, BOOK, order, "cancelled", "order cancelled", now))
    reduced(db, now, "red_1", (MUG, NEWARK, 1))
    assert level(db, BOOK, MUG).reserved == 0


def test_an_order_without_reservation_is_refused_for_good(db: Database, now: datetime):
    with pytest.raises(Undeliverable):
        reduced(db, now, "red_1", (MUG, NEWARK, 1))
