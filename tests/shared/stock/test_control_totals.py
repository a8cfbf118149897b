"""What reconciliation is told: sums up to a moment, and any drift by name."""

from datetime import datetime, timedelta

from shared.stock.control_totals import control_totals
from shared.stock.drawing import draw
from shared.stock.holding import open_reservation
from shared.stock.movements import Movement
from shared.stock.stock import Stock
from shared.storage import Database
from tests.shared.stock.examples import JAR, MUG, NEW_YORK, NEWARK, ledger, reserved, stocked

BOOK = ledger()


def test_only_movements_until_the_moment_count(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 10, "2.00"))
    later = now + timedelta(seconds=1)
    stocked(db, BOOK, later, (JAR, NEWARK, 4, "1.00"))
    totals = control_totals(db, BOOK, now)
    assert (totals.service, totals.until) == ("inventory", now)
    assert (totals.totals["movements.MUG"], totals.totals["movements.JAR"]) == (10, 0)
    assert control_totals(db, BOOK, later).totals["movements.JAR"] == 4


def test_drift_planted_in_any_document_appears(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 10, "2.00"), (JAR, NEWARK, 10, "2.00"))
    reserved(db, BOOK, "ord_1", {MUG: 3, JAR: 1}, now)
    mugs, jars = db.get(Stock, "MUG.0"), db.get(Stock, "JAR.0")
    mugs.on_hand, jars.on_hand = 12, 9
    db.transact(lambda tx: [tx.put(mugs), tx.put(jars)])
    assert control_totals(db, BOOK, now).totals["stock_unexplained"] == 3
    jars.reserved = 0
    db.transact(lambda tx: tx.put(jars))
    assert control_totals(db, BOOK, now).totals["reserved_unexplained"] == 1
    moved = db.get(Movement, "rcp_0.MUG.newark-us")
    moved.delta = 11
    db.transact(lambda tx: tx.put(moved))
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 11


def test_more_open_reservations_than_one_page_are_all_counted(db: Database, now: datetime):
    stocked(db, BOOK, now, (MUG, NEWARK, 600, "2.00"))
    for start in (0, 300):

        def work(tx, start=start):
            for number in range(start, start + 249):
                order_id = f"ord_{number}"
                open_reservation(tx, BOOK, order_id, draw(tx, BOOK, order_id, {MUG: 1}, NEW_YORK), now)

        db.transact(work)
    reserved(db, BOOK, "ord_last", {MUG: 5}, now)
    assert db.get(Stock, "MUG.0").reserved == 503
    assert control_totals(db, BOOK, now).totals["reserved_unexplained"] == 0
