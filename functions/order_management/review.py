"""The review of held orders: how long it may take, and what approving, rejecting and a late score change.

Everyone who decides goes through here, inside a transaction on the order's document: the first decision stands.
"""

from datetime import datetime, timedelta
from typing import Literal

from functions.order_management.order import Fact, Order, UnderReview
from functions.order_management.recording import hear, publish, publish_score
from shared.errors import IllegalTransition
from shared.events.order import OrderApproved, OrderHeld, OrderRejected
from shared.events.priced_order import FraudDecision
from shared.storage import Transaction

REVIEW_TIME = timedelta(hours=72)
AUTHORIZATION_MARGIN = timedelta(hours=1)
HELD_ANYWAY = ("avs_mismatch", "cvc_mismatch", "customer_watched")
"""Reasons for which checkout holds an order that fraud would approve: the card issuer's, or the customer's standing."""


def overdue_at(event: OrderHeld) -> datetime:
    """Return when a review is overdue: after 72 hours, always an hour before the authorization ends (PROMISES 11)."""
    return min(event.order.placed_at + REVIEW_TIME, event.authorization_expires_at - AUTHORIZATION_MARGIN)


def open_review(order: Order, event: OrderHeld) -> None:
    """Begin a review: for people if fraud gave a score, else to be scored again."""
    order.review = "silent" if event.order.fraud.score is None else "waiting"
    order.review_at = overdue_at(event)
    order.under_review = UnderReview(order=event.order, fraud_inputs=event.fraud_inputs)


def waits_for_people(order: Order, decision: Literal["approved", "rejected"]) -> bool:
    """Whether a person may decide now; False if this decision stands already. IllegalTransition in any other state."""
    if order.review == "silent":
        raise IllegalTransition(f"order {order.order_id} is held without a score; it is scored again by itself")
    if order.review not in ("waiting", decision):
        raise IllegalTransition(f"order {order.order_id} is {order.status}, not held for review")
    return order.review == "waiting"


def approve(tx: Transaction, order: Order, by: str, reason: str, now: datetime) -> None:
    """Approve a held order: fulfilment may start. Publishes order.approved with the whole order."""
    review = _under_review(order)
    event = OrderApproved(order_id=order.order_id, order=review.order, by=by, reason=reason)
    order.decided("approved", now)
    publish(tx, order, event, now)


def reject(tx: Transaction, order: Order, by: str, reason: str, now: datetime) -> None:
    """Reject a held order: stock, slot and authorization are undone by those who own them."""
    _under_review(order)
    event = OrderRejected(order_id=order.order_id, by=by, reason=reason)
    order.decided("rejected", now)
    publish(tx, order, event, now)


def score(tx: Transaction, order: Order, fraud: FraudDecision, now: datetime) -> None:
    """Take fraud's late answer for a held order: approve, reject, or leave the review to people. Needs a score."""
    _under_review(order)
    event_id = publish_score(tx, order, fraud, now)
    fraud = scored_late(order, fraud)
    if event_id:
        hear(tx, order, Fact(type="fraud.scored", id=event_id, at=now, reason=fraud.decision), now)
    if fraud.decision == "approve":
        approve(tx, order, "fraud", "late_score", now)
    elif fraud.decision == "deny":
        reject(tx, order, "fraud", "late_score", now)


def scored_late(order: Order, fraud: FraudDecision) -> FraudDecision:
    """Note fraud's late answer in an order that is held; return it with what else held the order."""
    review = _under_review(order)
    fraud = _with_doubts(fraud, review.order.fraud)
    order.fraud = fraud
    order.under_review = review.model_copy(update={"order": review.order.model_copy(update={"fraud": fraud})})
    order.review = "waiting"
    return fraud


def _with_doubts(fraud: FraudDecision, held: FraudDecision) -> FraudDecision:
    """Keep for what else the order was held: a late score alone does not approve it."""
    doubts = tuple(reason for reason in held.reasons if reason.code in HELD_ANYWAY)
    if not doubts:
        return fraud
    decision = "review" if fraud.decision == "approve" else fraud.decision
    return fraud.model_copy(update={"decision": decision, "reasons": (*fraud.reasons, *doubts)})


def _under_review(order: Order) -> UnderReview:
    if order.under_review is None:
        raise IllegalTransition(f"order {order.order_id} is {order.status}, not held")
    return order.under_review
