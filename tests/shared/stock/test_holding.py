"""The life of a reservation: pending, firm, released; each step decided once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from shared.errors import IllegalTransition, NotFound, ReservationExpired, StepCancelled
from shared.events.order import OrderCancelled, OrderRejected
from shared.stock.holding import earlier, expire_due, firm, release, release_abandoned, release_for_caller
from shared.stock.levels import level
from shared.stock.reservations import Reservation
from shared.stock.shipping import ship
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEWARK, RENO, dispatched, ledger, reserved, stocked

BOOK = ledger()
RELEASED = "inventory.released"


@pytest.fixture
def order(db: Database, now: datetime) -> str:
    stocked(db, BOOK, now, (MUG, NEWARK, 4, "2.00"), (MUG, RENO, 4, "2.00"))
    reserved(db, BOOK, "ord_1", {MUG: 6}, now)
    return "ord_1"


def held(db: Database) -> int:
    return level(db, BOOK, MUG).reserved


def let_go(db: Database, order_id: str, now: datetime) -> Reservation:
    return db.transact(lambda tx: release(tx, BOOK, order_id, "released", "declined", now))


def test_a_pending_reservation_is_firm_after_payment_and_then_never_expires(db: Database, order: str, now: datetime):
    assert firm(db, BOOK, order, now + timedelta(minutes=14, seconds=59)).state == "firm"
    assert firm(db, BOOK, order, now + timedelta(days=9)).state == "firm"
    expire_due(db, BOOK, now + timedelta(days=9))
    assert held(db) == 6


def test_an_expired_reservation_is_released_by_the_schedule_once(db: Database, order: str, now: datetime, emitted):
    expire_due(db, BOOK, now + timedelta(minutes=14, seconds=59))
    assert held(db) == 6
    for _ in range(2):
        expire_due(db, BOOK, now + timedelta(minutes=15))
    assert held(db) == 0
    events = [event.data for event in emitted(db) if event.type == RELEASED]
    assert events == [
        {
            "order_id": order,
            "lines": [
                {"sku": MUG, "location": NEWARK, "quantity": 4},
                {"sku": MUG, "location": RENO, "quantity": 2},
            ],
            "reason": "expired",
        }
    ]


def test_firming_too_late_is_refused_and_releases_the_goods_there_and_then(db: Database, order: str, now: datetime):
    with pytest.raises(ReservationExpired):
        firm(db, BOOK, order, now + timedelta(minutes=15))
    assert held(db) == 0
    assert db.get(Reservation, order).ending.cause == "expired"


def test_firming_what_was_released_or_never_reserved_is_refused(db: Database, order: str, now: datetime):
    let_go(db, order, now)
    with pytest.raises(ReservationExpired):
        firm(db, BOOK, order, now)
    with pytest.raises(NotFound):
        firm(db, BOOK, "ord_unknown", now)


@pytest.mark.parametrize("late", [False, True])
def test_firming_and_expiring_at_once_is_decided_once(db: Database, now: datetime, emitted, late: bool):
    stocked(db, BOOK, now, (MUG, NEWARK, 20, "2.00"))
    ids = [f"ord_{n}" for n in range(20)]
    for order_id in ids:
        reserved(db, BOOK, order_id, {MUG: 1}, now)
    over = now + timedelta(minutes=15)

    def make_firm(order_id: str) -> bool:
        try:
            firm(db, BOOK, order_id, over if late else now)
        except ReservationExpired:
            return False
        return True

    with ThreadPoolExecutor(8) as racers:
        sweeps = [racers.submit(expire_due, db, BOOK, over) for _ in range(2)]
        won = list(racers.map(make_firm, ids))
        assert [sweep.result() for sweep in sweeps] == [None, None]
    expire_due(db, BOOK, over)
    states = [db.get(Reservation, order_id).state for order_id in ids]
    assert states == ["firm" if firmed else "released" for firmed in won]
    assert held(db) == won.count(True)
    assert len([event for event in emitted(db) if event.type == RELEASED]) == won.count(False)
    if late:
        assert won.count(True) == 0


def test_a_release_gives_everything_back_once(db: Database, order: str, now: datetime, emitted):
    for _ in range(2):
        assert let_go(db, order, now).state == "released"
    assert held(db) == 0
    assert [event.data["reason"] for event in emitted(db) if event.type == RELEASED] == ["released"]


def test_a_release_that_comes_first_refuses_the_reservation_that_follows(db: Database, now: datetime, emitted):
    assert db.transact(lambda tx: release_for_caller(tx, BOOK, "ord_9", "timed out", now)).model_dump() == {
        "order_id": "ord_9",
        "state": "released",
    }
    with pytest.raises(StepCancelled):
        db.transact(lambda tx: earlier(tx, BOOK, "ord_9", {MUG: 1}, now))
    assert emitted(db) == []


def test_asking_again_answers_the_same_reservation(db: Database, order: str, now: datetime):
    assert db.transact(lambda tx: earlier(tx, BOOK, "ord_new", {MUG: 6}, now)) is None
    again = db.transact(lambda tx: earlier(tx, BOOK, order, {MUG: 6}, now + timedelta(minutes=3)))
    assert again == db.get(Reservation, order)
    with pytest.raises(IllegalTransition):
        db.transact(lambda tx: earlier(tx, BOOK, order, {MUG: 7}, now))
    assert held(db) == 6


def test_asking_again_after_the_time_is_refused_as_expired(db: Database, order: str, now: datetime):
    over = now + timedelta(minutes=15)
    for sweep in (False, True):
        if sweep:
            expire_due(db, BOOK, over)
        with pytest.raises(ReservationExpired):
            db.transact(lambda tx: earlier(tx, BOOK, order, {MUG: 6}, over))


@pytest.mark.parametrize(("kind", "reason"), [(OrderRejected, "rejected"), (OrderCancelled, "cancelled")])
def test_an_abandoned_order_gives_its_goods_back(db: Database, order: str, now: datetime, emitted, kind, reason):
    firm(db, BOOK, order, now)
    event = kind(order_id=order, by="ann", reason="address unknown")
    for _ in range(2):
        db.transact(lambda tx: release_abandoned(tx, BOOK, event, now))
    assert held(db) == 0
    assert [each.data["reason"] for each in emitted(db) if each.type == RELEASED] == [reason]


def test_an_abandoned_order_that_holds_nothing_here_is_no_error(db: Database, now: datetime, emitted):
    event = OrderCancelled(order_id="ord_9", by="ann", reason="mistake")
    db.transact(lambda tx: release_abandoned(tx, BOOK, event, now))
    assert db.get(Reservation, "ord_9").state == "released"
    assert emitted(db) == []


def test_releasing_after_a_part_has_left_gives_back_the_rest(db: Database, order: str, now: datetime, emitted):
    firm(db, BOOK, order, now)
    db.transact(lambda tx: ship(tx, BOOK, dispatched(order, "shp_1", NEWARK, {MUG: 4}), now))
    assert let_go(db, order, now).state == "released"
    stock = level(db, BOOK, MUG)
    assert (stock.on_hand, stock.reserved) == (4, 0)
    released = [event for event in emitted(db) if event.type == RELEASED]
    assert released[0].data["lines"] == [{"sku": MUG, "location": RENO, "quantity": 2}]


def test_what_has_left_cannot_be_released(db: Database, now: datetime, emitted):
    stocked(db, BOOK, now, (JAR, NEWARK, 2, "1.00"))
    reserved(db, BOOK, "ord_2", {JAR: 2}, now)
    firm(db, BOOK, "ord_2", now)
    db.transact(lambda tx: ship(tx, BOOK, dispatched("ord_2", "shp_1", NEWARK, {JAR: 2}), now))
    with pytest.raises(IllegalTransition):
        db.transact(lambda tx: release_for_caller(tx, BOOK, "ord_2", "too late", now))
    db.transact(lambda tx: release_abandoned(tx, BOOK, OrderCancelled(order_id="ord_2", by="ann", reason="late"), now))
    assert db.get(Reservation, "ord_2").state == "committed"
    assert RELEASED not in [event.type for event in emitted(db)]
