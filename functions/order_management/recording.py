"""Hearing a fact: keep it under its order, fold, and store; publish what follows from it."""

from datetime import datetime

from functions.order_management.causality import keep
from functions.order_management.facts import told, told_pieces
from functions.order_management.life import Life, live
from functions.order_management.order import Fact, Order
from functions.order_management.reduction import Reduction
from shared.events.envelope import Event
from shared.events.fraud import FraudScored
from shared.events.order import Asked, OrderCancelled
from shared.events.priced_order import FraudDecision
from shared.storage import Transaction
from shared.telemetry.about import KEPT, SUPPRESSED, note_effect
from shared.values.identifiers import new_id

_COMPLETING = ("shipment.delivered", "order.reduced")


def load(tx: Transaction, order_id: str) -> Order:
    """Return the order's document, a new one if nothing was heard of it."""
    return tx.get(Order, order_id) or Order(order_id=order_id)


def store(tx: Transaction, order: Order) -> Life:
    """Fold the order's facts into what lists and totals are found by, and write it."""
    life = settle(order)
    tx.put(order)
    return life


def settle(order: Order) -> Life:
    """Fold the order's facts into what lists and totals are found by."""
    life = live(order)
    order.status = life.status
    if life.status == "delivered":
        order.delivered_at = max(fact.at for fact in life.history if fact.type in _COMPLETING)
    return life


def hear(tx: Transaction, order: Order, fact: Fact, now: datetime) -> bool:
    """Keep a fact and store the order; False if it was heard before. Undeliverable if it is impossible.

    An order of which every piece was taken out is cancelled, though nobody cancelled it whole.
    """
    facts = keep(order.facts, fact)
    if facts is order.facts:
        note_effect(SUPPRESSED)
        return False
    order.facts = facts
    life = store(tx, order)
    if all(each.id != fact.id for each in life.history):
        note_effect(KEPT)
    if life.status == "cancelled" and life.reduced and not order.has("order.cancelled"):
        last = next(each for each in reversed(life.history) if each.type == "order.reduced")
        cancel(tx, order, last.by or "system", last.reason or "nothing_left", now)
    return True


def publish(tx: Transaction, order: Order, event: Event, now: datetime) -> None:
    """Publish a decision about an order, and keep it as a fact: of nothing but what the event tells."""
    hear(tx, order, Fact(type=event.type, id=tx.emit(event, now), at=now, **told(event)), now)


def publish_score(tx: Transaction, order: Order, fraud: FraudDecision, now: datetime) -> str | None:
    """Publish fraud.scored, once per order; returns its id, or None if there is no score or it was published."""
    if order.scored or fraud.score is None:
        return None
    order.scored = True
    return tx.emit(FraudScored(order_id=order.order_id, fraud=fraud), now)


def cancel(
    tx: Transaction, order: Order, by: str, reason: str, now: datetime, reduction: Reduction | None = None
) -> None:
    """Publish order.cancelled: nothing of the order leaves. Ends the reduction that led to it."""
    reduction = reduction or Reduction(
        reduction_id=new_id("red", now), order_id=order.order_id, by=by, reason=reason, state="asking", asked_at=now
    )
    tx.put(reduction.model_copy(update={"state": "cancelled", "ended_at": now}))
    event = OrderCancelled(
        order_id=order.order_id,
        by=by,
        reason=reason,
        customer_id=order.customer_id,
        reduction_id=reduction.reduction_id,
        asked=asked_for(order, reduction),
    )
    publish(tx, order, event, now)


def asked_for(order: Order, reduction: Reduction) -> Asked | None:
    """Return what a person asked warehouse to stop, None for what was cancelled or dropped without asking."""
    if reduction.reduction_id not in order.cancellations:
        return None
    return Asked(wanted=told_pieces(reduction.wanted), reference=reduction.reference, asked_at=reduction.asked_at)
