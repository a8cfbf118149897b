"""Control totals count what happened up to a moment, by the events' times."""

from datetime import timedelta

from functions.order_management.approve_order import ApproveOrder, approve_order
from functions.order_management.reject_order import RejectOrder, reject_order
from functions.order_management.report_control_totals import report_control_totals
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import (
    START,
    action_required,
    confirmed,
    delivered,
    dispatched,
    hear,
    held,
    told,
)

NAMES = {"orders.count", "orders.total.USD", "approved.count", "rejected.count", "delivered.count"}


def minute(number: int) -> object:
    return START + timedelta(minutes=number)


def test_totals_of_an_afternoon(db: SqliteDatabase) -> None:
    hear(db, told(confirmed(), 0))
    for number in (1, 2):
        hear(db, told(dispatched(number), 10 + number))
        hear(db, told(delivered(number), 20 + number))
    hear(db, told(held(order_id="ord_a"), 1))
    hear(db, told(held(order_id="ord_b"), 2))
    hear(db, told(action_required(order_id="ord_c"), 3))
    db.transact(lambda tx: approve_order("ord_a", ApproveOrder(by="g", reason="r"), tx, minute(30)))  # type: ignore[arg-type]
    db.transact(lambda tx: reject_order("ord_b", RejectOrder(by="g", reason="r"), tx, minute(31)))  # type: ignore[arg-type]

    def totals(until: int) -> dict[str, int]:
        report = report_control_totals(db, START + timedelta(days=1), minute(until))  # type: ignore[arg-type]
        return {name: report.totals[name] for name in sorted(NAMES & report.totals.keys())}

    assert totals(60) == {
        "orders.count": 3,
        "orders.total.USD": 33000,
        "approved.count": 1,
        "rejected.count": 1,
        "delivered.count": 1,
    }
    assert totals(1) == {
        "orders.count": 2,
        "orders.total.USD": 22000,
        "approved.count": 0,
        "rejected.count": 0,
        "delivered.count": 0,
    }
    assert totals(21)["delivered.count"] == 0
    assert totals(30)["rejected.count"] == 0


def test_an_empty_house_adds_up_to_nothing(db: SqliteDatabase) -> None:
    report = report_control_totals(db, START)
    assert (report.service, report.until, set(report.totals.values())) == ("order_management", START, {0})
