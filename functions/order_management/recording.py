"""Hearing a fact: keep it under its order, fold, and store; publish a score when one is first known."""

from datetime import datetime

from functions.order_management.life import Life, keep, live
from functions.order_management.order import Fact, Order
from shared.events.fraud import FraudScored
from shared.events.priced_order import FraudDecision
from shared.storage import Transaction


def load(tx: Transaction, order_id: str) -> Order:
    """Return the order's document, a new one if nothing was heard of it."""
    return tx.get(Order, order_id) or Order(order_id=order_id)


def store(tx: Transaction, order: Order) -> Life:
    """Fold the order's facts into what lists and totals are found by, and write it."""
    life = live(order)
    order.status = life.status
    if life.status == "delivered":
        order.delivered_at = max(fact.at for fact in life.history if fact.type == "shipment.delivered")
    tx.put(order)
    return life


def hear(tx: Transaction, order: Order, fact: Fact) -> bool:
    """Keep a fact and store the order; False if it was heard before. Undeliverable if it is impossible."""
    facts = keep(order.facts, fact)
    if facts is order.facts:
        return False
    order.facts = facts
    store(tx, order)
    return True


def publish_score(tx: Transaction, order: Order, fraud: FraudDecision, now: datetime) -> str | None:
    """Publish fraud.scored, once per order; returns its id, or None if there is no score or it was published."""
    if order.scored or fraud.score is None:
        return None
    order.scored = True
    return tx.emit(FraudScored(order_id=order.order_id, fraud=fraud), now)
