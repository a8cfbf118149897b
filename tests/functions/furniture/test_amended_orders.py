"""Freight orders that change after they were placed: short picks, reductions and returns, and their slots."""

from datetime import datetime

import pytest

from functions.furniture.commit_reservation import commit_reservation
from functions.furniture.firm_reservation import firm_reservation
from functions.furniture.get_reservation import get_reservation
from functions.furniture.get_stock import get_stock
from functions.furniture.reallocate_pieces import reallocate_pieces
from functions.furniture.reduce_reservation import reduce_reservation
from functions.furniture.report_control_totals import report_control_totals
from functions.furniture.return_pieces import return_pieces
from shared.http.models import Caller
from shared.stock.commands import ReallocatePieces
from shared.storage import Database
from tests.functions.furniture.examples import CHAIR, bookings, reserve
from tests.shared.stock.examples import RENO, dispatched
from tests.shared.stock.stories import came_back, reduction


@pytest.fixture
def order(db: Database, now: datetime) -> str:
    """Two chairs of Reno for California, in the first slot."""
    reserve(db, now, lines=[{"sku": CHAIR, "quantity": 2}])
    firm_reservation("ord_1", db, now)
    return "ord_1"


def give_up(db: Database, now: datetime, reduction_id: str, quantity: int) -> None:
    event = reduction(reduction_id, (CHAIR, RENO, quantity), fulfilment="freight")
    db.transact(lambda tx: reduce_reservation(event, tx, now))


def leave(db: Database, now: datetime, quantity: int) -> None:
    event = dispatched("ord_1", "shp_1", RENO, {CHAIR: quantity}, fulfilment="freight")
    db.transact(lambda tx: commit_reservation(event, tx, now))


def test_the_slot_is_free_when_no_piece_is_left(db: Database, order: str, now: datetime):
    give_up(db, now, "red_1", 1)
    assert bookings(db) == {order}
    give_up(db, now, "red_2", 1)
    assert bookings(db) == set()
    assert get_reservation(order, db).state == "released"
    assert get_stock(CHAIR, db).reserved == 0


def test_the_slot_stays_booked_for_what_has_left(db: Database, order: str, now: datetime):
    leave(db, now, 1)
    give_up(db, now, "red_1", 1)
    assert bookings(db) == {order}
    assert get_reservation(order, db).state == "committed"


def test_a_chair_that_was_not_found_is_found_elsewhere_and_keeps_its_slot(db: Database, order: str, now: datetime):
    body = {"short_id": "sho_1", "shipment_id": "shp_1", "sku": CHAIR, "location": RENO, "quantity": 1}
    command = ReallocatePieces.model_validate(body)
    answer = db.transact(lambda tx: reallocate_pieces(order, command, tx, Caller("warehouse"), now))
    assert [each.model_dump() for each in answer.moved] == [{"location": "newark-us", "quantity": 1}]
    assert [(pick.location, pick.quantity) for pick in get_reservation(order, db).lines[0].picks] == [
        (RENO, 1),
        ("newark-us", 1),
    ]
    assert bookings(db) == {order}
    assert report_control_totals(db, now).totals[f"movements.{CHAIR}"] == 2999


def test_a_chair_comes_back_in_quarantine(db: Database, order: str, now: datetime, emitted):
    leave(db, now, 2)
    event = came_back("ret_1", (CHAIR, 1, "quarantine"), fulfilment="freight")
    db.transact(lambda tx: return_pieces(event, tx, now))
    assert emitted(db)[-1].type == "furniture.returned"
    totals = report_control_totals(db, now).totals
    assert (totals[f"movements.{CHAIR}"], get_stock(CHAIR, db).on_hand) == (2999, 2998)
    assert (totals["stock_unexplained"], totals["value_unexplained"], totals["reserved_unexplained"]) == (0, 0, 0)
