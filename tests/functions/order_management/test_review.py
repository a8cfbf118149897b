"""Held orders: decided once, by a person, by fraud's late score or by the clock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from functions.order_management.approve_order import ApproveOrder, approve_order
from functions.order_management.get_order import get_order
from functions.order_management.order import Order
from functions.order_management.order_answer import OrderAnswer
from functions.order_management.reject_order import RejectOrder, reject_order
from functions.order_management.reject_overdue_reviews import reject_overdue_reviews
from functions.order_management.rescore_silent_orders import rescore_silent_orders
from shared.errors import CallFailed, IllegalTransition, Invalid, NotFound
from shared.events import Envelope
from shared.events.priced_order import FraudDecision
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import (
    ORDER,
    REVIEW,
    SILENT,
    START,
    confirmed,
    dispatched,
    hear,
    held,
    told,
    two_lines,
)
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[SqliteDatabase], list[Envelope]]
LATER = START + timedelta(hours=2)
SCORE = ("POST", "/fraud/api/score")


def approve(db: SqliteDatabase, now: datetime = LATER) -> OrderAnswer:
    command = ApproveOrder(by="grace", reason="called the customer")
    return db.transact(lambda tx: approve_order(ORDER, command, tx, now))


def reject(db: SqliteDatabase, now: datetime = LATER) -> OrderAnswer:
    command = RejectOrder(by="grace", reason="stolen card")
    return db.transact(lambda tx: reject_order(ORDER, command, tx, now))


def decisions(events: list[Envelope]) -> list[str]:
    return [event.type for event in events if event.type != "fraud.scored"]


def test_approving_publishes_the_whole_order_and_keeps_the_same_fact(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(held(), 0))
    answer = approve(db)
    event = emitted(db)[-1]
    assert answer.status == "confirmed"
    assert (answer.history[-1].type, answer.history[-1].at, answer.history[-1].by) == ("order.approved", LATER, "grace")
    assert (event.type, event.time, event.data["by"]) == ("order.approved", LATER, "grace")
    assert event.data["order"] == two_lines(REVIEW).model_dump(mode="json", exclude_none=True)
    kept = db.get(Order, ORDER)
    assert kept is not None
    assert (kept.facts[-1].id, kept.under_review) == (event.id, None)


def test_rejecting_publishes_who_and_why(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(held(), 0))
    assert reject(db).status == "rejected"
    assert emitted(db)[-1].data == {"order_id": ORDER, "by": "grace", "reason": "stolen card"}


@pytest.mark.parametrize("decide", [approve, reject])
def test_a_repeated_decision_gets_the_same_answer_and_publishes_nothing(
    db: SqliteDatabase, emitted: Emitted, decide: Callable[..., OrderAnswer]
) -> None:
    hear(db, told(held(), 0))
    first = decide(db)
    assert decide(db, LATER + timedelta(hours=1)) == first
    assert len(decisions(emitted(db))) == 1


def test_the_other_decision_is_refused_with_the_present_status(db: SqliteDatabase) -> None:
    hear(db, told(held(), 0))
    reject(db)
    with pytest.raises(IllegalTransition, match="is rejected, not held"):
        approve(db)


def test_only_held_orders_are_decided(db: SqliteDatabase, emitted: Emitted) -> None:
    with pytest.raises(NotFound):
        approve(db)
    hear(db, told(confirmed(), 0))
    hear(db, told(dispatched(1), 5))
    for decide in (approve, reject):
        with pytest.raises(IllegalTransition, match="is partially_dispatched"):
            decide(db)
    assert decisions(emitted(db)) == []


def test_an_order_without_a_score_does_not_reach_people(db: SqliteDatabase) -> None:
    hear(db, told(held(SILENT), 0))
    for decide in (approve, reject):
        with pytest.raises(IllegalTransition, match="held without a score"):
            decide(db)
    assert get_order(ORDER, db).status == "held"


def test_approve_and_reject_at_once_decide_once(open_orders: Callable[[], SqliteDatabase], emitted: Emitted) -> None:
    for _ in range(10):
        db = open_orders()
        hear(db, told(held(), 0))
        together = Barrier(4)

        def race(decide: Callable[..., OrderAnswer], db: SqliteDatabase = db, together: Barrier = together) -> Any:
            together.wait()
            try:
                return decide(db).status
            except IllegalTransition:
                return "refused"

        with ThreadPoolExecutor(4) as threads:
            outcomes = list(threads.map(race, [approve, reject, approve, reject]))
        status = get_order(ORDER, db).status
        assert outcomes.count("refused") == 2
        assert outcomes.count(status) == 2
        assert decisions(emitted(db)) == ["order.approved" if status == "confirmed" else "order.rejected"]


@pytest.mark.parametrize(
    ("decision", "score", "status", "published"),
    [
        ("approve", 10, "confirmed", ["fraud.scored", "order.approved"]),
        ("review", 60, "held", ["fraud.scored"]),
        ("deny", 95, "rejected", ["fraud.scored", "order.rejected"]),
    ],
)
def test_a_late_score_decides_or_calls_people(
    db: SqliteDatabase, emitted: Emitted, decision: str, score: int, status: str, published: list[str]
) -> None:
    hear(db, told(held(SILENT), 0))
    call = ScriptedCalls({SCORE: {"decision": decision, "score": score, "reasons": [], "model_version": "2026-11"}})
    for _ in range(2):
        rescore_silent_orders(db, call, LATER)
    answer = get_order(ORDER, db)
    events = emitted(db)
    assert (answer.status, answer.fraud.score) == (status, score)
    assert [event.type for event in events] == published
    assert all(event.data.get("by", "fraud") == "fraud" for event in events)
    assert [entry.type for entry in answer.history] == ["order.held", *published]
    assert len(call.made) == 1
    assert call.made[0][2]["card_fingerprint"] == "fp_1"


def test_a_late_review_then_reaches_people(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(held(SILENT), 0))
    rescore_silent_orders(db, ScriptedCalls({SCORE: {"decision": "review", "score": 60}}), LATER)
    approve(db)
    assert emitted(db)[-1].data["order"]["fraud"]["score"] == 60


@pytest.mark.parametrize("silence", [CallFailed(), Invalid(("email", "no")), {"decision": "review", "score": None}])
def test_an_order_that_fraud_still_does_not_score_stays(db: SqliteDatabase, emitted: Emitted, silence: Any) -> None:
    hear(db, told(held(SILENT), 0))
    rescore_silent_orders(db, ScriptedCalls({SCORE: silence}), LATER)
    assert (get_order(ORDER, db).status, get_order(ORDER, db).fraud) == ("held", SILENT)
    assert emitted(db) == []


def test_a_silent_fraud_is_not_asked_about_every_order(db: SqliteDatabase) -> None:
    for number in range(5):
        hear(db, told(held(SILENT, order_id=f"ord_{number}"), 0))
    call = ScriptedCalls({SCORE: CallFailed()})
    rescore_silent_orders(db, call, LATER)
    assert len(call.made) == 3


def test_a_decision_made_while_fraud_was_asked_stands(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(held(SILENT, expires=timedelta(hours=1)), 0))

    def overtaken(_: object) -> FraudDecision:
        reject_overdue_reviews(db, LATER)
        return FraudDecision(decision="approve", score=1)

    rescore_silent_orders(db, ScriptedCalls({SCORE: overtaken}), LATER)
    assert get_order(ORDER, db).status == "rejected"
    assert [event.type for event in emitted(db)] == ["order.rejected"]


@pytest.mark.parametrize("fraud", [REVIEW, SILENT], ids=["scored", "silent"])
@pytest.mark.parametrize(
    ("authorized_for", "overdue_after"),
    [(timedelta(days=7), timedelta(hours=72)), (timedelta(hours=48), timedelta(hours=47))],
)
def test_an_overdue_review_is_rejected_within_the_authorization(
    db: SqliteDatabase, emitted: Emitted, fraud: FraudDecision, authorized_for: timedelta, overdue_after: timedelta
) -> None:
    hear(db, told(held(fraud, expires=authorized_for), 0))
    reject_overdue_reviews(db, START + overdue_after - timedelta(seconds=1))
    assert get_order(ORDER, db).status == "held"
    for _ in range(2):
        reject_overdue_reviews(db, START + overdue_after)
    assert get_order(ORDER, db).status == "rejected"
    assert [event.data for event in emitted(db) if event.type == "order.rejected"] == [
        {"order_id": ORDER, "by": "system", "reason": "review_overdue"}
    ]


def test_a_decided_order_is_never_overdue(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(held(), 0))
    approve(db)
    reject_overdue_reviews(db, START + timedelta(days=30))
    assert decisions(emitted(db)) == ["order.approved"]
