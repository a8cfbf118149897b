"""The queue of the people on duty: scored orders with their reasons, the most urgent first."""

from datetime import timedelta

from functions.order_management.approve_order import ApproveOrder, approve_order
from functions.order_management.list_reviews import list_reviews
from functions.order_management.rescore_silent_orders import rescore_silent_orders
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import GRACE, LATER
from tests.functions.order_management.stories import REVIEW, SILENT, START, confirmed, hear, held, told, usd
from tests.scripted_calls import ScriptedCalls


def queue(db: SqliteDatabase) -> list[str]:
    return [each.order_id for each in list_reviews(db, LATER).items]


def test_a_held_order_shows_why_since_when_and_until_when(db: SqliteDatabase) -> None:
    hear(db, told(held(), 5))
    [review] = list_reviews(db, LATER).items
    assert (review.score, [(reason.code, reason.points) for reason in review.reasons]) == (70, [("new_card", 70)])
    assert (review.total, review.customer_id, review.model_version) == (usd("110.00"), "cus_ada", "2026-11")
    assert (review.placed_at, review.age_s) == (START, 115 * 60)
    assert review.overdue_at == START + timedelta(hours=72)


def test_those_that_are_rejected_soonest_come_first_page_by_page(db: SqliteDatabase) -> None:
    for number, hours in enumerate((48, 24, 36)):
        hear(db, told(held(order_id=f"ord_{number}", expires=timedelta(hours=hours)), 0))
    first = list_reviews(db, LATER, limit=2)
    rest = list_reviews(db, LATER, limit=2, cursor=first.next_cursor)
    assert [each.order_id for each in first.items] == ["ord_1", "ord_2"]
    assert [each.order_id for each in rest.items] == ["ord_0"]
    assert rest.next_cursor is None


def test_only_scored_orders_that_nobody_decided_are_in_the_queue(db: SqliteDatabase) -> None:
    hear(db, told(confirmed(order_id="ord_fine"), 0))
    hear(db, told(held(SILENT, order_id="ord_silent"), 0))
    for order_id in ("ord_passed", "ord_waits"):
        hear(db, told(held(REVIEW, order_id=order_id), 0))
    db.transact(lambda tx: approve_order("ord_passed", ApproveOrder(**GRACE), tx, LATER))
    assert queue(db) == ["ord_waits"]


def test_a_silent_order_joins_the_queue_when_fraud_has_scored_it(db: SqliteDatabase) -> None:
    hear(db, told(held(SILENT), 0))
    assert queue(db) == []
    scored = {"decision": "review", "score": 60, "reasons": [{"code": "velocity", "points": 60}]}
    rescore_silent_orders(db, ScriptedCalls({("POST", "/fraud/api/score"): scored}), LATER)
    [review] = list_reviews(db, LATER).items
    assert (review.score, review.reasons[0].code) == (60, "velocity")
