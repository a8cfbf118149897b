"""Control totals count what happened up to a moment, by the events' times."""

from datetime import timedelta

from functions.order_management.approve_order import ApproveOrder, approve_order
from functions.order_management.cancel_order import CancelOrder, cancel_order
from functions.order_management.reject_order import RejectOrder, reject_order
from functions.order_management.report_control_totals import report_control_totals
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import (
    CHAIR,
    ask_to_return,
    authorize,
    came_back,
    cancel,
    refunded,
    stops,
)
from tests.functions.order_management.stories import (
    START,
    action_required,
    captured,
    confirmed,
    delivered,
    dispatched,
    hear,
    held,
    told,
)
from tests.scripted_calls import ScriptedCalls

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


def test_totals_of_what_was_cancelled_reduced_and_returned(db: SqliteDatabase) -> None:
    for minute_, event in enumerate((confirmed(), dispatched(1), captured(1), delivered(1))):
        hear(db, told(event, minute_))
    cancel(db, stops(CHAIR, left=(1,), total="88.00"))
    return_id = ask_to_return(db, START + timedelta(hours=3)).returns[0].return_id
    authorize(db, return_id)
    hear(db, told(came_back(db, return_id), 50))
    hear(db, told(refunded(return_id, "22.00"), 51), START + timedelta(hours=4))
    hear(db, told(held(order_id="ord_held"), 0))
    whole = CancelOrder(by="grace", reason="r")
    cancel_order("ord_held", whole, db, ScriptedCalls({}), START + timedelta(hours=5))

    def totals(hours: float) -> dict[str, int]:
        report = report_control_totals(db, START + timedelta(days=1), START + timedelta(hours=hours))
        return {name: amount for name, amount in report.totals.items() if amount}

    assert totals(5) == {
        "orders.count": 2,
        "orders.total.USD": 22000,
        "delivered.count": 1,
        "cancelled.count": 1,
        "reduced.count": 1,
        "reduced.total.USD": 8800,
        "returns_requested.count": 1,
        "returns_refunded.count": 1,
        "returns_refunded.total.USD": 2200,
    }
    assert totals(1.9) == {"orders.count": 2, "orders.total.USD": 22000}, "delivered whole only by the reduction"
    assert totals(3.5).get("returns_refunded.count") is None
    assert totals(4.5).get("cancelled.count") is None
