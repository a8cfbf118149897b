"""What checkout says of an order: opened once, scored once, and nothing to see of an order that never came to be."""

from collections.abc import Callable

import pytest

from functions.order_management.get_order import get_order
from functions.order_management.order import Order
from shared.errors import NotFound
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import (
    APPROVE,
    ORDER,
    REVIEW,
    SILENT,
    START,
    action_required,
    confirmed,
    hear,
    held,
    refused,
    told,
)

Emitted = Callable[[SqliteDatabase], list[Envelope]]


def test_a_scored_order_publishes_its_score_once(db: SqliteDatabase, emitted: Emitted) -> None:
    for envelope in (told(action_required(), 0), told(confirmed(), 1), told(confirmed(), 1)):
        hear(db, envelope)
    events = emitted(db)
    assert [(event.type, event.data["fraud"]["score"], event.time) for event in events] == [("fraud.scored", 5, START)]


def test_a_silent_score_is_not_published(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(held(SILENT), 0))
    assert emitted(db) == []
    assert get_order(ORDER, db).fraud == SILENT


def test_a_refused_order_is_not_seen_but_its_score_is_published(db: SqliteDatabase, emitted: Emitted) -> None:
    denied = APPROVE.model_copy(update={"decision": "deny", "score": 95})
    for _ in range(2):
        hear(db, told(refused("payment_refused", fraud=denied), 0))
    with pytest.raises(NotFound):
        get_order(ORDER, db)
    assert [(event.type, event.data["fraud"]["decision"]) for event in emitted(db)] == [("fraud.scored", "deny")]


def test_a_refused_order_that_was_never_scored_publishes_nothing(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(refused("out_of_stock"), 0))
    assert emitted(db) == []


def test_an_order_not_authenticated_in_time_is_cancelled_with_the_reason(db: SqliteDatabase) -> None:
    hear(db, told(action_required(), 0))
    hear(db, told(refused("reservation_expired", action_was_required=True), 15))
    answer = get_order(ORDER, db)
    assert answer.status == "cancelled"
    assert answer.history[-1].reason == "reservation_expired"


def test_the_whole_order_is_kept_only_while_it_is_held(db: SqliteDatabase) -> None:
    hear(db, told(confirmed(), 0))
    order = db.get(Order, ORDER)
    assert order is not None
    assert order.under_review is None
    assert len(order.model_dump_json()) < 1500


def test_a_held_order_says_until_when_it_waits(db: SqliteDatabase) -> None:
    hear(db, told(held(REVIEW), 0))
    overdue = get_order(ORDER, db).review_overdue_at
    assert overdue is not None
    assert (overdue - START).total_seconds() == 72 * 3600
