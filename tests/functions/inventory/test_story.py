"""An order's goods from the opening stock to the lorry, through inventory's own functions."""

from datetime import datetime

from functions.inventory.commit_reservation import commit_reservation
from functions.inventory.firm_reservation import firm_reservation
from functions.inventory.get_stock import get_stock
from functions.inventory.ledger import LEDGER
from functions.inventory.receive_stock import receive_stock
from functions.inventory.release_abandoned import release_abandoned
from functions.inventory.report_control_totals import report_control_totals
from functions.inventory.reserve_stock import reserve_stock
from shared.events.order import OrderRejected
from shared.stock.commands import ReceiveStock, ReserveStock
from shared.storage import Database
from tests.shared.stock.examples import dispatched, usd

MUG = "6E92ZMYYFZ"


def test_opening_stock_is_a_thousand_of_each_product_everywhere_by_receipts(db: Database, now: datetime, emitted):
    events = emitted(db)
    assert [get_stock(sku, db).on_hand for sku in LEDGER.skus] == [3000] * 9
    assert len(events) == 27
    assert {event.type for event in events} == {"inventory.received"}
    assert {event.data["receipt_id"] for event in events} >= {f"rcp_opening-{MUG}-reno-us"}


def test_a_receipt_gets_an_id_and_raises_what_is_on_hand(db: Database, now: datetime):
    command = ReceiveStock(sku=MUG, location="venlo-nl", quantity=5, unit_cost=usd("2.50"))
    receipt = db.transact(lambda tx: receive_stock(command, tx, now))
    assert receipt.receipt_id.startswith("rcp_01")
    assert receipt.on_hand == get_stock(MUG, db).on_hand == 3005


def test_a_dispatched_order_and_a_rejected_one_leave_nothing_held(db: Database, now: datetime):
    for order_id in ("ord_1", "ord_2"):
        command = ReserveStock.model_validate(
            {
                "order_id": order_id,
                "lines": [{"sku": MUG, "quantity": 3}],
                "destination": {"country": "DE", "zip_code": "10115"},
            }
        )
        db.transact(lambda tx, c=command: reserve_stock(c, tx, now))
        firm_reservation(order_id, db, now)
    shipment = dispatched("ord_1", "shp_1", "venlo-nl", {MUG: 3})
    db.transact(lambda tx: commit_reservation(shipment, tx, now))
    rejected = OrderRejected(order_id="ord_2", by="ann", reason="review")
    db.transact(lambda tx: release_abandoned(rejected, tx, now))
    stock = get_stock(MUG, db)
    assert (stock.on_hand, stock.reserved) == (2997, 0)
    totals = report_control_totals(db, now).totals
    assert totals[f"movements.{MUG}"] == 2997
    assert (totals["stock_unexplained"], totals["reserved_unexplained"]) == (0, 0)
