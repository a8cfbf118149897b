"""Every minute: cancellations of which nobody wrote how they ended are put to warehouse again, under the same id."""

import logging
from datetime import datetime

from functions.order_management.cancellation import ask
from functions.order_management.reduction import Reduction
from shared.calls.port import Calls
from shared.errors import BoutiqueError, CallFailed
from shared.storage import Database

log = logging.getLogger(__name__)

BATCH = 200
SILENCES = 3
"""So many calls without an answer end the run: the next minute tries again."""


def finish_cancellations(db: Database, call: Calls, now: datetime) -> None:
    """Finish them, oldest first; one that warehouse can't decide yet keeps no other waiting."""
    silent = 0
    for reduction in db.query(Reduction, state="asking", order_by="asked_at", limit=BATCH).items:
        try:
            ask(db, call, reduction, now)
        except CallFailed:
            silent += 1
            if silent == SILENCES:
                return
        except BoutiqueError as error:
            log.info("%s of %s: %s", reduction.reduction_id, reduction.order_id, error.code)
