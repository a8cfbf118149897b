"""POST /orders/{order_id}/stop: an order, or pieces of it, will not leave; decided here against dispatching."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from functions.warehouse.reduction import Reduced, Reduction, pieces, reduced, summed, take
from functions.warehouse.shipment import OrderPlan, Shipment, stop
from shared.errors import IllegalTransition, InProgress
from shared.events.order import ReducedLine
from shared.http.models import Command
from shared.storage import Transaction
from shared.values.identifiers import OrderId, Sku


class StoppedPieces(Command):
    """So many pieces of a SKU, from whichever shipments they were to leave."""

    sku: Sku
    quantity: int = Field(ge=1, le=100_000)


class StopOrder(Command):
    """Who stops it, why, and under which id it is asked again; without lines: everything that has not left.

    Without an id the order's own is taken: one whole stop per order.
    """

    by: str = Field(min_length=1, max_length=100)
    reason: str = Field(min_length=1, max_length=500)
    reduction_id: Annotated[str, StringConstraints(pattern=r"^red_[0-9A-Za-z-]{1,60}$")] | None = None
    lines: list[StoppedPieces] | None = Field(default=None, min_length=1, max_length=200)


def stop_order(order_id: OrderId, command: StopOrder, tx: Transaction, now: datetime) -> Reduced:
    """Stop what has not left: pieces that are awaited, then the last shipment's; the same id is answered again.

    A whole stop of an unknown order leaves a tombstone, so that nothing is planned later. InProgress for lines of an
    unknown order, or while a short pick is being settled: ask again. IllegalTransition if less than what is asked for
    can still be stopped; nothing changes.
    """
    reduction_id = command.reduction_id or f"red_{order_id.removeprefix('ord_')}"
    known = tx.get(Reduction, reduction_id)
    if known is not None:
        if known.order_id != order_id:
            raise IllegalTransition(f"{reduction_id} is a reduction of another order")
        return known.answer
    plan = tx.get(OrderPlan, order_id)
    found = [tx.get(Shipment, shipment_id) for shipment_id in plan.shipment_ids] if plan else []
    shipments = [each for each in found if each is not None]
    if any(each.asking for each in shipments):
        raise InProgress(f"it is being found out whether pieces of {order_id} lie elsewhere")
    if command.lines is None:
        answer = _stop_all(tx, plan or OrderPlan(order_id=order_id), shipments, command, now)
    elif plan is None:
        raise InProgress(f"{order_id} is not planned yet")
    else:
        answer = _stop_pieces(tx, order_id, shipments, command, now)
    tx.create(
        Reduction(reduction_id=reduction_id, order_id=order_id, by=command.by, reason=command.reason, answer=answer)
    )
    return answer


def _stop_all(
    tx: Transaction, plan: OrderPlan, shipments: list[Shipment], command: StopOrder, now: datetime
) -> Reduced:
    planned = [each for each in shipments if each.status == "planned"]
    if not planned and any(each.status != "stopped" for each in shipments):
        raise IllegalTransition(f"everything of {plan.order_id} has left")
    if not plan.stopped:
        plan.stopped, plan.by, plan.reason = True, command.by, command.reason
        tx.put(plan)
    for shipment in planned:
        stop(tx, shipment, command.reason, now)
    lines = [line for each in planned for line in reduced(each, each.lines)]
    return summed(plan.order_id, shipments, lines, planned)


def _stop_pieces(
    tx: Transaction, order_id: str, shipments: list[Shipment], command: StopOrder, now: datetime
) -> Reduced:
    planned = [each for each in shipments if each.status == "planned"]
    wanted: dict[str, int] = {}
    for each in command.lines or ():
        wanted[each.sku] = wanted.get(each.sku, 0) + each.quantity
    there = pieces(planned)
    for sku, quantity in wanted.items():
        if quantity > there.get(sku, 0):
            raise IllegalTransition(f"only {there.get(sku, 0)} pieces of {sku} of {order_id} have not left")
    lines: list[ReducedLine] = []
    emptied: list[Shipment] = []
    for shipment in sorted(planned, key=lambda each: (each.awaiting > 0, each.number), reverse=True):
        before = sum(line.quantity for line in shipment.lines)
        taken = take(shipment, wanted)
        if not taken:
            continue
        lines += reduced(shipment, taken)
        if sum(line.quantity for line in taken) == before:
            emptied.append(shipment)
            stop(tx, shipment, command.reason, now)
        else:
            tx.put(shipment)
    return summed(order_id, shipments, lines, emptied)
