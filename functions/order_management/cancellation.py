"""Cancelling: intent, warehouse's decision against dispatch, result (PROMISES 12). A sweep repeats the steps."""

from collections import Counter
from datetime import datetime
from typing import Any

from functions.order_management.decision import PiecesDecision
from functions.order_management.facts import pieces
from functions.order_management.life import Life, live
from functions.order_management.order import Order
from functions.order_management.recording import asked_for, cancel, load, publish, store
from functions.order_management.reduction import Reduction
from shared.calls.port import Calls
from shared.errors import IllegalTransition, InProgress, Refusal
from shared.events.order import OrderReduced, ReducedLine
from shared.http.models import View
from shared.storage import Database, Transaction
from shared.values.identifiers import ShipmentId, new_id
from shared.values.money import Money


class Stopped(View):
    """Warehouse's answer: what it stopped, what had left, and what the pieces that now stay would have been charged."""

    stopped: tuple[ShipmentId, ...]
    already_left: tuple[ShipmentId, ...]
    lines: tuple[ReducedLine, ...] = ()
    shipping_net: Money | None = None
    shipping_tax: Money | None = None
    total: Money | None = None

    @property
    def pieces(self) -> Counter[str]:
        """The pieces that now stay, by SKU."""
        return Counter(pieces(self.lines))


def intend(tx: Transaction, order: Order, command: PiecesDecision, now: datetime) -> Reduction | None:
    """Note what warehouse is to be asked; None if there is nothing (more) to ask.

    A held order is not planned anywhere and is cancelled here. IllegalTransition if the goods have left or the order
    is not fulfilled at all; InProgress for pieces while another cancellation is being decided. The whole order waits
    for nothing: an order that warehouse never plans could not be cancelled at all behind pieces that wait for the plan.
    """
    known = _known(tx, order, command)
    if known is not None or (command.lines is None and order.has("order.cancelled")):
        return known if known is not None and known.state == "asking" else None
    if order.cancelling is not None and command.lines is not None:
        raise InProgress(f"another cancellation of {order.order_id} is being decided", retry_after=5)
    if order.status == "held":
        _cancel_held(tx, order, command, now)
        return None
    backordered = order.status == "backordered"
    if backordered:
        _whole(order, command)
    else:
        _check(order, live(order), command.wanted)
    reduction = Reduction(
        reduction_id=new_id("red", now),
        order_id=order.order_id,
        by=command.by,
        reason=command.reason,
        wanted=command.wanted,
        reference=command.reference,
        backordered=backordered,
        state="asking",
        asked_at=now,
    )
    tx.create(reduction)
    order.cancelling = reduction.reduction_id
    order.cancellations = (*order.cancellations, reduction.reduction_id)
    store(tx, order)
    return reduction


def _known(tx: Transaction, order: Order, command: PiecesDecision) -> Reduction | None:
    """Return the cancellation that this command asks for again; one that was refused may be asked for anew."""
    for reduction_id in reversed(order.cancellations):
        known = tx.get(Reduction, reduction_id)
        asked = (command.by, command.reason, command.wanted, command.reference)
        if known is not None and known.state != "refused" and known.same_as(*asked):
            return known
    return None


def _cancel_held(tx: Transaction, order: Order, command: PiecesDecision, now: datetime) -> None:
    _whole(order, command)
    order.decided("cancelled", now)
    cancel(tx, order, command.by, command.reason, now)


def _whole(order: Order, command: PiecesDecision) -> None:
    if command.lines is not None:
        raise IllegalTransition(f"order {order.order_id} is {order.status}: it can be cancelled whole only")


def _check(order: Order, life: Life, wanted: dict[str, int] | None) -> None:
    """Refuse what warehouse would refuse: what is known to have left only ever grows."""
    if life.status not in ("confirmed", "partially_dispatched"):
        raise IllegalTransition(f"order {order.order_id} is {life.status}; nothing of it can be cancelled")
    waiting = life.waiting(order)
    for sku, quantity in (wanted or {}).items():
        if quantity > waiting[sku]:
            raise IllegalTransition(f"{waiting[sku]} pieces of {sku} can be cancelled, not {quantity}")


def ask(db: Database, call: Calls, reduction: Reduction, now: datetime) -> None:
    """Have warehouse decide, and write what it says; asking again under the same id gets the same answer.

    A backordered order is not planned anywhere: checkout decides whether it is confirmed or withdrawn. Refusal if the
    goods had left, or if it has been confirmed; any other error leaves the intent standing.
    """
    try:
        answer = _withdrawn(call, reduction) if reduction.backordered else _stopped(call, reduction)
    except Refusal:
        db.transact(lambda tx: conclude(tx, reduction.reduction_id, None, now))
        raise
    db.transact(lambda tx: conclude(tx, reduction.reduction_id, answer, now))


def _withdrawn(call: Calls, reduction: Reduction) -> Stopped:
    call.post("checkout", f"/imported-orders/{reduction.order_id}/withdraw", {}, View)
    return Stopped(stopped=(), already_left=())


def _stopped(call: Calls, reduction: Reduction) -> Stopped:
    body: dict[str, Any] = {"by": reduction.by, "reason": reduction.reason, "reduction_id": reduction.reduction_id}
    if reduction.wanted is not None:
        body["lines"] = [{"sku": sku, "quantity": quantity} for sku, quantity in reduction.wanted.items()]
    return call.post("warehouse", f"/orders/{reduction.order_id}/stop", body, Stopped)


def conclude(tx: Transaction, reduction_id: str, answer: Stopped | None, now: datetime) -> None:
    """Write how a cancellation ended, once; None if warehouse refused it. What is cancelled meanwhile stays so."""
    reduction = tx.get(Reduction, reduction_id)
    if reduction is None or reduction.state != "asking":
        return
    order = load(tx, reduction.order_id)
    if order.cancelling == reduction_id:
        order.cancelling = None
    if order.has("order.cancelled"):
        answer = None
    if answer is not None and _nothing_leaves(order, live(order), reduction, answer):
        cancel(tx, order, reduction.by, reduction.reason, now, reduction)
    elif answer is not None and answer.lines:
        reduce(tx, order, _reduced(order, reduction, answer), now, reduction)
    else:
        tx.put(reduction.model_copy(update={"state": "refused", "ended_at": now}))
        store(tx, order)


def _nothing_leaves(order: Order, life: Life, reduction: Reduction, answer: Stopped) -> bool:
    if answer.already_left or life.dispatched:
        return False
    return reduction.wanted is None or not life.waiting(order) - answer.pieces


def _reduced(order: Order, reduction: Reduction, answer: Stopped) -> OrderReduced:
    return OrderReduced(
        order_id=reduction.order_id,
        reduction_id=reduction.reduction_id,
        by=reduction.by,
        reason=reduction.reason,
        asked=asked_for(order, reduction),
        **{name: getattr(answer, name) for name in ("lines", "shipping_net", "shipping_tax", "total")},
    )


def reduce(
    tx: Transaction, order: Order, event: OrderReduced, now: datetime, reduction: Reduction | None = None
) -> None:
    """Publish order.reduced: these pieces are never charged. Ends the reduction that led to it, or notes one."""
    reduction = reduction or Reduction(
        reduction_id=event.reduction_id,
        order_id=event.order_id,
        by=event.by,
        reason=event.reason,
        state="asking",
        asked_at=now,
    )
    worth = {"currency": event.total.currency, "total_minor": event.total.minor}
    tx.put(reduction.model_copy(update={"state": "reduced", "ended_at": now, **worth}))
    publish(tx, order, event, now)
