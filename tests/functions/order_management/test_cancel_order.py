"""Cancelling (PROMISES 12): warehouse decides against dispatch, and only what it stops is cancelled."""

from collections.abc import Callable

import pytest

from functions.order_management.cancel_order import CancelOrder, cancel_order
from functions.order_management.get_order import get_order
from functions.order_management.reduction import Reduction
from functions.order_management.reject_order import RejectOrder, reject_order
from shared.errors import IllegalTransition, InProgress, NotFound
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import rfc3339
from tests.functions.order_management.changes import (
    CHAIR,
    GRACE,
    LATER,
    MUGS,
    ONE_MUG,
    cancel,
    pieces,
    reduced_line,
    stops,
    warehouse,
)
from tests.functions.order_management.stories import (
    ORDER,
    REVIEW,
    SILENT,
    action_required,
    confirmed,
    delivered,
    dispatched,
    hear,
    held,
    told,
    usd,
)

Emitted = Callable[[SqliteDatabase], list[Envelope]]
ALL = stops(MUGS, CHAIR, total="110.00")


def changes(events: list[Envelope]) -> list[Envelope]:
    return [event for event in events if event.type != "fraud.scored"]


@pytest.fixture
def placed(db: SqliteDatabase) -> SqliteDatabase:
    hear(db, told(confirmed(), 0))
    return db


def test_an_order_of_which_nothing_left_is_cancelled(placed: SqliteDatabase, emitted: Emitted) -> None:
    call = warehouse(ALL)
    answer = cancel_order(ORDER, CancelOrder(**GRACE), placed, call, LATER)
    assert answer.status == "cancelled"
    assert (answer.history[-1].type, answer.history[-1].by, answer.history[-1].reason) == (
        "order.cancelled",
        "grace",
        "called",
    )
    assert [(line.sku, line.cancelled) for line in answer.lines] == [("MUG-1", 2), ("CHAIR-1", 1)]
    [(_, _, asked)] = call.made
    assert asked == {"by": "grace", "reason": "called", "reduction_id": asked["reduction_id"]}
    assert asked["reduction_id"].startswith("red_")
    [event] = changes(emitted(placed))
    assert (event.type, event.time) == ("order.cancelled", LATER)
    assert event.data == {
        "order_id": ORDER,
        "by": "grace",
        "reason": "called",
        "customer_id": "cus_ada",
        "reduction_id": asked["reduction_id"],
        "asked": {"asked_at": rfc3339(LATER)},
    }


def test_pieces_are_taken_out_and_the_order_goes_on_without_them(placed: SqliteDatabase, emitted: Emitted) -> None:
    call = warehouse(stops(ONE_MUG, total="11.00"))
    answer = cancel_order(ORDER, CancelOrder(**GRACE, lines=pieces(MUG=1)), placed, call, LATER)
    assert answer.status == "confirmed"
    assert [(line.sku, line.quantity, line.cancelled) for line in answer.lines] == [
        ("MUG-1", 2, 1),
        ("CHAIR-1", 1, 0),
    ]
    assert call.made[0][2]["lines"] == pieces(MUG=1)
    [event] = changes(emitted(placed))
    assert event.type == "order.reduced"
    assert event.data == {
        "order_id": ORDER,
        "reduction_id": call.made[0][2]["reduction_id"],
        "by": "grace",
        "reason": "called",
        "lines": [ONE_MUG],
        "shipping_net": usd("0.00").as_json(),
        "shipping_tax": usd("0.00").as_json(),
        "total": usd("11.00").as_json(),
        "asked": {"wanted": pieces(MUG=1), "asked_at": rfc3339(LATER)},
    }


def test_what_has_left_stays_and_the_rest_is_reduced(placed: SqliteDatabase, emitted: Emitted) -> None:
    hear(placed, told(dispatched(1), 10))
    answer = cancel(placed, stops(CHAIR, left=(1,), total="88.00"))
    assert answer.status == "dispatched", "all that will leave has left"
    assert [event.type for event in changes(emitted(placed))] == ["order.reduced"]
    hear(placed, told(delivered(1), 20))
    assert get_order(ORDER, placed).status == "delivered"


def test_warehouse_knows_of_a_dispatch_that_was_not_heard_here_yet(placed: SqliteDatabase, emitted: Emitted) -> None:
    answer = cancel(placed, stops(CHAIR, left=(1,), total="88.00"))
    assert [event.type for event in changes(emitted(placed))] == ["order.reduced"]
    assert answer.status == "confirmed"
    hear(placed, told(dispatched(1), 10))
    assert get_order(ORDER, placed).status == "dispatched"


def test_cancelling_the_last_pieces_one_by_one_cancels_the_order(placed: SqliteDatabase, emitted: Emitted) -> None:
    cancel(placed, stops(ONE_MUG, total="11.00"), lines=pieces(MUG=1))
    cancel(placed, stops(CHAIR, total="88.00"), lines=pieces(CHAIR=1))
    assert cancel(placed, stops(ONE_MUG, total="11.00"), lines=pieces(MUG=1), reason="again").status == "cancelled"
    assert [event.type for event in changes(emitted(placed))] == ["order.reduced", "order.reduced", "order.cancelled"]


@pytest.mark.parametrize("lines", [None, pieces(MUG=1)], ids=["whole", "pieces"])
def test_the_same_cancellation_is_answered_again_without_effect(
    placed: SqliteDatabase, emitted: Emitted, lines: object
) -> None:
    stopped = ALL if lines is None else stops(ONE_MUG, total="11.00")
    first = cancel(placed, stopped, lines=lines)
    call = warehouse(stopped)
    again = cancel_order(ORDER, CancelOrder.model_validate(GRACE | {"lines": lines}), placed, call, LATER)
    assert (again, call.made) == (first, [])
    assert len(changes(emitted(placed))) == 1


def test_one_more_piece_is_another_cancellation_under_another_reference(placed: SqliteDatabase) -> None:
    stopped = stops(ONE_MUG, total="11.00")
    cancel(placed, stopped, lines=pieces(MUG=1), reference="ticket 1")
    cancel(placed, stopped, lines=pieces(MUG=1), reference="ticket 1")
    assert cancel(placed, stopped, lines=pieces(MUG=1), reference="ticket 2").lines[0].cancelled == 2


def test_cancelling_the_rest_again_is_no_error(placed: SqliteDatabase, emitted: Emitted) -> None:
    hear(placed, told(dispatched(1), 10))
    first = cancel(placed, stops(CHAIR, left=(1,), total="88.00"))
    assert cancel(placed, IllegalTransition("everything has left"), by="somebody else") == first
    assert len(changes(emitted(placed))) == 1


def test_goods_that_left_meanwhile_are_not_cancelled(placed: SqliteDatabase, emitted: Emitted) -> None:
    for _ in range(2):
        with pytest.raises(IllegalTransition, match="has left"):
            cancel(placed, IllegalTransition("everything has left"))
    assert get_order(ORDER, placed).status == "confirmed"
    assert not get_order(ORDER, placed).cancelling
    assert changes(emitted(placed)) == []
    assert placed.aggregate(Reduction, state="refused").count == 2


def test_more_than_is_left_is_refused_without_asking(placed: SqliteDatabase) -> None:
    hear(placed, told(dispatched(1), 10))
    for lines in (pieces(MUG=1), pieces(CHAIR=2), pieces(LAMP=1)):
        call = warehouse(ALL)
        with pytest.raises(IllegalTransition, match="can be cancelled, not"):
            cancel_order(ORDER, CancelOrder.model_validate(GRACE | {"lines": lines}), placed, call, LATER)
        assert call.made == []


def test_an_unfulfilled_or_finished_order_is_not_cancelled(db: SqliteDatabase) -> None:
    with pytest.raises(NotFound):
        cancel(db, ALL)
    hear(db, told(action_required(), 0))
    with pytest.raises(IllegalTransition, match="is requires_action"):
        cancel(db, ALL)
    hear(db, told(confirmed(), 1))
    hear(db, told(dispatched(1), 2))
    hear(db, told(dispatched(2), 3))
    with pytest.raises(IllegalTransition, match="is dispatched"):
        cancel(db, ALL)


@pytest.mark.parametrize("fraud", [REVIEW, SILENT], ids=["scored", "silent"])
def test_a_held_order_is_cancelled_whole_and_its_review_closed(
    db: SqliteDatabase, emitted: Emitted, fraud: object
) -> None:
    hear(db, told(held(fraud), 0))  # type: ignore[arg-type]
    with pytest.raises(IllegalTransition, match="whole only"):
        cancel(db, ALL, lines=pieces(MUG=1))
    call = warehouse(ALL)
    answer = cancel_order(ORDER, CancelOrder(**GRACE), db, call, LATER)
    assert (answer.status, answer.review_overdue_at, call.made) == ("cancelled", None, [])
    assert cancel(db, ALL) == answer
    with pytest.raises(IllegalTransition, match="is cancelled, not held"):
        db.transact(lambda tx: reject_order(ORDER, RejectOrder(**GRACE), tx, LATER))
    assert [event.type for event in changes(emitted(db))] == ["order.cancelled"]


def test_while_one_cancellation_is_undecided_another_waits(placed: SqliteDatabase) -> None:
    with pytest.raises(InProgress, match="warehouse has not said"):
        cancel(placed, InProgress("not planned yet"), lines=pieces(MUG=1))
    assert get_order(ORDER, placed).cancelling
    with pytest.raises(InProgress, match="another cancellation"):
        cancel(placed, ALL, lines=pieces(CHAIR=1))
    assert cancel(placed, stops(ONE_MUG, total="11.00"), lines=pieces(MUG=1)).lines[0].cancelled == 1


def test_an_answer_about_other_shipping_is_carried_to_the_cent(placed: SqliteDatabase, emitted: Emitted) -> None:
    chair = reduced_line("CHAIR-1", 1, "80.00", "8.00", 2)
    answer = stops(chair, left=(1,), total="93.39") | {"shipping_net": usd("4.90").as_json()}
    cancel(placed, answer | {"shipping_tax": usd("0.49").as_json()})
    [event] = changes(emitted(placed))
    assert [event.data[name]["amount"] for name in ("shipping_net", "shipping_tax", "total")] == [
        "4.90",
        "0.49",
        "93.39",
    ]
