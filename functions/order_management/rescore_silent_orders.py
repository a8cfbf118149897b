"""Every minute: orders held because fraud was silent are scored again, so that only scored reviews reach people."""

import logging
from datetime import datetime

from functions.order_management.order import Order, UnderReview
from functions.order_management.review import score
from shared.calls.port import Calls
from shared.errors import BoutiqueError, CallFailed
from shared.events.priced_order import FraudDecision
from shared.storage import Database, Transaction

log = logging.getLogger(__name__)

BATCH = 50
PATIENCE_S = 2.4
"""Three times what checkout waits: nobody waits for the answer here."""
SILENCES = 3
"""So many calls without an answer end the run: the next minute tries again."""


def rescore_silent_orders(db: Database, call: Calls, now: datetime) -> None:
    """Ask fraud about held orders without a score, most urgent first; those it doesn't answer stay as they are."""
    silent = 0
    for order in db.query(Order, review="silent", order_by="review_at", limit=BATCH).items:
        try:
            answer = order.under_review and _ask(call, order.under_review)
        except CallFailed:
            silent += 1
            if silent == SILENCES:
                return
        except BoutiqueError as error:
            log.warning("fraud refuses to score %s: %s", order.order_id, error.code)
        else:
            if answer:
                _take(db, order.order_id, answer, now)


def _ask(call: Calls, review: UnderReview) -> FraudDecision | None:
    """Return fraud's scored decision; it is keyed by the order, so asking twice counts once."""
    answer = call.post("fraud", "/api/score", review.fraud_inputs, FraudDecision, deadline_s=PATIENCE_S)
    return None if answer.score is None else answer


def _take(db: Database, order_id: str, fraud: FraudDecision, now: datetime) -> None:
    """Take the score, unless somebody decided while fraud was asked."""

    def take(tx: Transaction) -> None:
        order = tx.get(Order, order_id)
        if order is not None and order.review == "silent":
            score(tx, order, fraud, now)

    db.transact(take)
