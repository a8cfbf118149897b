"""Orders that change after they were placed, through inventory's own functions."""

from datetime import datetime

from functions.inventory.commit_reservation import commit_reservation
from functions.inventory.firm_reservation import firm_reservation
from functions.inventory.get_reservation import get_reservation
from functions.inventory.get_stock import get_stock
from functions.inventory.reallocate_pieces import reallocate_pieces
from functions.inventory.reduce_reservation import reduce_reservation
from functions.inventory.report_control_totals import report_control_totals
from functions.inventory.reserve_stock import reserve_stock
from functions.inventory.return_pieces import return_pieces
from shared.http.models import Caller
from shared.stock.commands import ReallocatePieces, ReserveStock
from shared.storage import Database
from tests.shared.stock.examples import dispatched
from tests.shared.stock.stories import came_back, reduction

MUG, JAPAN = "6E92ZMYYFZ", {"country": "JP", "zip_code": "100-0001"}


def test_one_piece_is_not_found_one_is_given_up_and_one_comes_back(db: Database, now: datetime, emitted):
    told = len(emitted(db))
    command = ReserveStock.model_validate(
        {"order_id": "ord_1", "lines": [{"sku": MUG, "quantity": 4}], "destination": JAPAN}
    )
    db.transact(lambda tx: reserve_stock(command, tx, now))
    firm_reservation("ord_1", db, now)
    body = {"short_id": "sho_1", "shipment_id": "shp_1", "sku": MUG, "location": "reno-us", "quantity": 1}
    short = ReallocatePieces.model_validate(body)
    answer = db.transact(lambda tx: reallocate_pieces("ord_1", short, tx, Caller("warehouse"), now))
    assert [each.location for each in answer.moved] == ["venlo-nl"]  # nearer to Japan than Newark
    given_up = reduction("red_1", (MUG, "reno-us", 1))
    db.transact(lambda tx: reduce_reservation(given_up, tx, now))
    shipment = dispatched("ord_1", "shp_1", "reno-us", {MUG: 2})
    db.transact(lambda tx: commit_reservation(shipment, tx, now))
    back = came_back("ret_1", (MUG, 1, "restock"))
    db.transact(lambda tx: return_pieces(back, tx, now))
    stock = get_stock(MUG, db)
    assert (stock.on_hand, stock.reserved) == (3000 - 1 - 2 + 1, 1)
    assert get_reservation("ord_1", db).state == "firm"
    totals = report_control_totals(db, now).totals
    assert totals[f"movements.{MUG}"] == 2998
    assert (totals["stock_unexplained"], totals["value_unexplained"], totals["reserved_unexplained"]) == (0, 0, 0)
    assert [event.type.partition(".")[2] for event in emitted(db)[told:]] == [
        "reserved",
        "released",
        "adjusted",
        "reserved",
        "released",
        "committed",
        "returned",
    ]
