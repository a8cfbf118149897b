"""A cancellation of pieces that warehouse can't decide keeps nobody from cancelling the whole order."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.order_management.finish_cancellations import finish_cancellations
from functions.order_management.get_order import get_order
from functions.order_management.outstanding import outstanding
from shared.errors import IllegalTransition, InProgress
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import CHAIR, LATER, ONE_MUG, cancel, pieces, stops, warehouse
from tests.functions.order_management.stories import ORDER, confirmed, dispatched, hear, told
from tests.in_process import InProcess, basket

Emitted = Callable[[SqliteDatabase], list[Envelope]]
ONE = pieces(MUG=1)
REST = stops(ONE_MUG, CHAIR, total="99.00")


@pytest.fixture
def waiting(db: SqliteDatabase) -> SqliteDatabase:
    """Two mugs and a chair; one mug is to be cancelled, and warehouse has not said."""
    hear(db, told(confirmed(), 0))
    with pytest.raises(InProgress, match="warehouse has not said"):
        cancel(db, InProgress("not planned yet"), lines=ONE)
    return db


def decided(events: list[Envelope]) -> list[tuple[str, list[tuple[str, int]]]]:
    return [
        (event.type, [(line["sku"], line["quantity"]) for line in event.data.get("lines", ())])
        for event in events
        if event.type in ("order.cancelled", "order.reduced")
    ]


def sweep(db: SqliteDatabase, answer: Any) -> None:
    finish_cancellations(db, warehouse(answer), LATER)


def test_an_order_that_is_never_planned_is_cancelled_whole(waiting: SqliteDatabase, emitted: Emitted) -> None:
    for _ in range(2):
        assert cancel(waiting, stops()).status == "cancelled"
    sweep(waiting, IllegalTransition("only 0 pieces of MUG-1 have not left"))
    assert decided(emitted(waiting)) == [("order.cancelled", [])]
    assert (outstanding(waiting), get_order(ORDER, waiting).cancelling) == ({"cancellations": 0}, False)


def test_pieces_of_which_warehouse_had_decided_are_not_told_again(waiting: SqliteDatabase, emitted: Emitted) -> None:
    assert cancel(waiting, REST).status == "cancelled"
    sweep(waiting, stops(ONE_MUG, total="11.00"))
    assert decided(emitted(waiting)) == [("order.cancelled", [])]
    assert outstanding(waiting) == {"cancellations": 0}


def test_where_something_had_left_every_piece_that_stays_is_told_once(
    waiting: SqliteDatabase, emitted: Emitted
) -> None:
    hear(waiting, told(dispatched(2), 10))
    cancel(waiting, stops(ONE_MUG, left=(2,), total="11.00"))
    assert get_order(ORDER, waiting).status == "partially_dispatched", "one mug is still undecided"
    sweep(waiting, stops(ONE_MUG, total="11.00"))
    assert get_order(ORDER, waiting).status == "dispatched"
    assert decided(emitted(waiting)) == [("order.reduced", [("MUG-1", 1)])] * 2
    assert outstanding(waiting) == {"cancellations": 0}


def test_while_both_are_undecided_the_pieces_end_first_and_the_rest_follows(
    waiting: SqliteDatabase, emitted: Emitted
) -> None:
    with pytest.raises(InProgress):
        cancel(waiting, InProgress("a short pick is being settled"))
    assert outstanding(waiting) == {"cancellations": 2}
    with pytest.raises(InProgress, match="another cancellation"):
        cancel(waiting, stops(CHAIR, total="88.00"), lines=pieces(CHAIR=1))
    answers = iter([stops(ONE_MUG, total="11.00"), REST])
    sweep(waiting, lambda _: next(answers))
    assert decided(emitted(waiting)) == [("order.reduced", [("MUG-1", 1)]), ("order.cancelled", [])]
    assert (outstanding(waiting), get_order(ORDER, waiting).cancelling) == ({"cancellations": 0}, False)


def test_with_the_real_neighbours_nothing_leaves_or_is_charged(tmp_path: Path) -> None:
    def never() -> None:
        raise ConnectionError("the plan fails")

    estate = InProcess(tmp_path)
    estate.before["warehouse", "POST /events/plan_shipments"] = never
    order_id = estate.place(basket())[1]["order_id"]
    estate.deliver()
    path, grace = f"/order_management/orders/{order_id}", {"by": "grace", "reason": "called"}
    mug = {"lines": [{"sku": "6E92ZMYYFZ", "quantity": 1}]}
    assert [estate.post(f"{path}/cancel", grace | asked)[0] for asked in (mug, {})] == [409, 200]

    estate.before.clear()
    estate.offset += timedelta(minutes=11)
    for _ in range(2):
        estate.deliver()
        estate.run("order_management", "finish_cancellations")
    assert estate.get(path)["status"] == "cancelled"
    assert estate.get("/order_management/outstanding")["cancellations"] == 0
    assert estate.get(f"/warehouse/shipments?order_id={order_id}")["items"] == []
    assert estate.get(f"/payment/authorizations/{order_id}")["status"] == "voided"
    assert estate.get(f"/inventory/reservations/{order_id}")["state"] == "released"
    estate.close()
