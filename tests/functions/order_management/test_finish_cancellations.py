"""Cancellations without a result are put to warehouse again, each under its own id, until it has decided."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from functions.order_management.approve_order import ApproveOrder, approve_order
from functions.order_management.cancel_order import CancelOrder, cancel_order
from functions.order_management.finish_cancellations import finish_cancellations
from functions.order_management.get_order import get_order
from functions.order_management.outstanding import outstanding
from shared.errors import BoutiqueError, CallFailed, IllegalTransition, InProgress, Invalid
from shared.events import Envelope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import CHAIR, GRACE, LATER, MUGS, cancel, stops, warehouse
from tests.functions.order_management.stories import ORDER, confirmed, hear, held, told
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[SqliteDatabase], list[Envelope]]
ALL = stops(MUGS, CHAIR, total="110.00")


def decided(events: list[Envelope]) -> list[str]:
    return [event.type for event in events if event.type != "fraud.scored"]


@pytest.mark.parametrize("silence", [CallFailed(), InProgress("not planned yet"), Invalid(("lines", "unknown"))])
def test_an_undecided_cancellation_is_outstanding_until_warehouse_answers(
    db: SqliteDatabase, emitted: Emitted, silence: BoutiqueError
) -> None:
    hear(db, told(confirmed(), 0))
    with pytest.raises(InProgress):
        cancel(db, silence)
    finish_cancellations(db, warehouse(silence), LATER)
    assert (outstanding(db), get_order(ORDER, db).status) == ({"cancellations": 1}, "confirmed")

    call = warehouse(ALL)
    for _ in range(2):
        finish_cancellations(db, call, LATER)

    assert (outstanding(db), get_order(ORDER, db).status) == ({"cancellations": 0}, "cancelled")
    assert len(call.made) == 1
    assert decided(emitted(db)) == ["order.cancelled"]


def test_a_cancellation_that_came_too_late_is_closed_by_the_sweep(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(confirmed(), 0))
    with pytest.raises(InProgress):
        cancel(db, CallFailed())
    finish_cancellations(db, warehouse(IllegalTransition("everything has left")), LATER)
    assert (outstanding(db), get_order(ORDER, db).cancelling) == ({"cancellations": 0}, False)
    assert decided(emitted(db)) == []


def undecided(db: SqliteDatabase, count: int) -> list[tuple[str, str]]:
    routes = []
    for number in range(count):
        order_id = f"ord_{number}"
        route = ("POST", f"/warehouse/orders/{order_id}/stop")
        hear(db, told(confirmed(order_id=order_id), 0))
        with pytest.raises(InProgress):
            cancel_order(order_id, CancelOrder(**GRACE), db, ScriptedCalls({route: CallFailed()}), LATER)
        routes.append(route)
    return routes


def test_one_that_cannot_be_decided_yet_keeps_no_other_waiting(db: SqliteDatabase) -> None:
    first, second = undecided(db, 2)
    empty = {"order_id": "ord_1", "stopped": [], "already_left": []}
    finish_cancellations(db, ScriptedCalls({first: InProgress("not planned yet"), second: empty}), LATER)
    assert outstanding(db) == {"cancellations": 1}
    assert get_order("ord_1", db).status == "cancelled", "an order unknown to warehouse leaves a tombstone there"


def test_a_silent_warehouse_is_not_asked_about_every_order(db: SqliteDatabase) -> None:
    call = ScriptedCalls(dict.fromkeys(undecided(db, 5), CallFailed()))
    finish_cancellations(db, call, LATER)
    assert len(call.made) == 3


def test_the_command_and_the_sweep_at_once_publish_once(
    open_orders: Callable[[], SqliteDatabase], emitted: Emitted
) -> None:
    for _ in range(5):
        db = open_orders()
        hear(db, told(confirmed(), 0))
        with pytest.raises(InProgress):
            cancel(db, CallFailed())
        at_once(
            lambda db=db: cancel(db, ALL),
            lambda db=db: cancel(db, ALL),
            lambda db=db: finish_cancellations(db, warehouse(ALL), LATER),
        )
        assert decided(emitted(db)) == ["order.cancelled"]
        assert get_order(ORDER, db).status == "cancelled"


def test_cancelling_and_approving_a_held_order_at_once_decides_once(
    open_orders: Callable[[], SqliteDatabase], emitted: Emitted
) -> None:
    """Approved first, the cancellation goes to warehouse; cancelled first, there is nothing to approve."""
    for _ in range(5):
        db = open_orders()
        hear(db, told(held(), 0))
        approve = ApproveOrder(**GRACE)
        at_once(
            lambda db=db: cancel(db, stops()),
            lambda db=db, command=approve: db.transact(lambda tx: approve_order(ORDER, command, tx, LATER)),
        )
        assert get_order(ORDER, db).status == "cancelled"
        assert decided(emitted(db)) in (["order.cancelled"], ["order.approved", "order.cancelled"])


def at_once(*works: Callable[[], Any]) -> None:
    together = Barrier(len(works))

    def start(work: Callable[[], Any]) -> None:
        together.wait()
        with contextlib.suppress(IllegalTransition):
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        list(pool.map(start, works))
