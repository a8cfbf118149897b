"""Every minute: bring to checkout what it could not take before, and report what lacks something for too long."""

import logging
from datetime import datetime

from functions.legacy_checkout.faults import left_hanging
from functions.legacy_checkout.gathered import GatheredOrder
from functions.legacy_checkout.gathering import bring
from functions.legacy_checkout.old_services import OldServices
from shared.calls import Calls
from shared.http.models import Answer
from shared.storage import Database, Transaction

log = logging.getLogger(__name__)
AT_ONCE = 200


class Finished(Answer):
    """How many were brought, and how many reported."""

    brought: int
    reported: int


def finish_orders(db: Database, call: Calls, old: OldServices, now: datetime) -> Finished:
    """Bring what is complete or backordered; log once, by order, what is missing ten minutes after the first call.

    In shadow mode nothing is brought; what was left hanging is noted as a difference.
    """
    brought = 0
    for state in ("complete", "backordered"):
        waiting = db.query(GatheredOrder, state=state, order_by="heard_at", limit=AT_ONCE).items
        for order in waiting if not old.shadowed else ():
            brought += bring(db, call, order).state != state
    overdue = db.query(GatheredOrder, order_by="report_at", until=now, limit=AT_ONCE).items
    for order in overdue:
        _report(order, db, old, now)
    return Finished(brought=brought, reported=len(overdue))


def _report(order: GatheredOrder, db: Database, old: OldServices, now: datetime) -> None:
    """Say once what an order lacks and who has not told of it."""

    def work(tx: Transaction) -> None:
        current = tx.get(GatheredOrder, order.order_id)
        if current is not None:
            current.report_at = None
            tx.put(current)

    db.transact(work)
    if order.state == "gathering":
        lacking, silent = ", ".join(order.missing), ", ".join(order.silent)
        log.warning("%s was sold and lacks %s: nothing came from %s", order.order_id, lacking, silent)
    old.also(db, left_hanging(order, now), now)
