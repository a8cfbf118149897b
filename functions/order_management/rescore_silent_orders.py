"""Every minute: orders held because fraud was silent are scored again, so that only scored reviews reach people."""

import logging
from datetime import datetime

from functions.order_management.order import Order, UnderReview
from functions.order_management.review import score
from shared.calls.port import Calls
from shared.errors import BoutiqueError
from shared.events.order import FraudDecision
from shared.storage import Database, Transaction

log = logging.getLogger(__name__)

BATCH = 50
PATIENCE_S = 2.4
"""Three times what checkout waits: nobody waits for the answer here."""
FAILURES = 3
"""So many silent answers end the run: the next minute tries again."""


def rescore_silent_orders(db: Database, call: Calls, now: datetime) -> None:
    """Ask fraud about held orders without a score, most urgent first; those it doesn't answer stay as they are."""
    failures = 0
    page = db.query(Order, review="silent", order_by="review_at", limit=BATCH)
    for order in page.items:
        if order.under_review is None:
            continue
        answer = _ask(call, order.under_review)
        if answer is None:
            failures += 1
            if failures == FAILURES:
                return
        else:
            _take(db, order.order_id, answer, now)


def _ask(call: Calls, review: UnderReview) -> FraudDecision | None:
    """Return fraud's scored decision; it is keyed by the order, so asking twice counts once."""
    try:
        answer = call.post("fraud", "/api/score", review.fraud_inputs, FraudDecision, deadline_s=PATIENCE_S)
    except BoutiqueError as error:
        log.warning("fraud gave no score for a held order: %s", error.code)
        return None
    return None if answer.score is None else answer


def _take(db: Database, order_id: str, fraud: FraudDecision, now: datetime) -> None:
    """Take the score, unless somebody decided while fraud was asked."""

    def take(tx: Transaction) -> None:
        order = tx.get(Order, order_id)
        if order is not None and order.review == "silent":
            score(tx, order, fraud, now)

    db.transact(take)
