"""POST /orders/{order_id}/cancel: an order, or pieces of it, will not leave; possible until they have left."""

import logging
from datetime import datetime

from functions.order_management.cancellation import ask, intend
from functions.order_management.decision import PiecesDecision
from functions.order_management.order_answer import OrderAnswer, find, shown
from shared.calls.port import Calls
from shared.errors import BoutiqueError, InProgress, Refusal
from shared.storage import Database
from shared.values.identifiers import OrderId

log = logging.getLogger(__name__)


class CancelOrder(PiecesDecision):
    """Who cancels, why, and which pieces; without lines everything that has not left."""


def cancel_order(order_id: OrderId, command: CancelOrder, db: Database, call: Calls, now: datetime) -> OrderAnswer:
    """Cancel what has not left; the same cancellation is answered again.

    IllegalTransition if it has left. InProgress while warehouse has not said: a sweep asks it again.
    """
    reduction = db.transact(lambda tx: intend(tx, find(tx, order_id), command, now))
    if reduction is not None:
        try:
            ask(db, call, reduction, now)
        except Refusal:
            raise
        except BoutiqueError as error:
            log.warning("%s of %s waits: %s", reduction.reduction_id, order_id, error.code)
            raise InProgress("warehouse has not said yet whether the goods can be stopped", retry_after=5) from None
    return shown(find(db, order_id), db)
