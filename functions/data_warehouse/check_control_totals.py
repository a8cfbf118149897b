"""Every hour: hold every service's control totals against the events, and keep what was found."""

import logging
from datetime import datetime, timedelta

from functions.data_warehouse.check import KEPT, Check, hour_of
from functions.data_warehouse.inbox import drain
from functions.data_warehouse.reconciliation import reconcile
from shared.analytics import AnalyticalStore
from shared.calls import Calls
from shared.settings import Settings
from shared.storage import Database

log = logging.getLogger(__name__)

SETTLED = timedelta(minutes=1)
"""What is younger may still be on its way, also where reports look at now."""


def check_control_totals(db: Database, store: AnalyticalStore, call: Calls, settings: Settings, now: datetime) -> None:
    """Reconcile once an hour; a difference that is there twice is kept, and logged by service and total."""
    hour = hour_of(now)
    if db.get(Check, hour) is not None:
        return
    drain(db, store, seconds=20)
    until = now - max(SETTLED, timedelta(seconds=settings.reconciliation_lag_s))
    found = reconcile(store, call, until)
    if not found.balanced:  # some totals are of this moment, and orders are being placed meanwhile
        found = reconcile(store, call, until)
    for each in found.differences:
        log.warning("%s %s: %s by the events, %s kept", each.service, each.total, each.events, each.documents)
    check = Check(
        hour=hour,
        until=found.until,
        balanced=found.balanced,
        checked=found.checked,
        differences=tuple(found.differences),
        forgotten_at=now + KEPT,
    )
    db.transact(lambda tx: tx.put(check))
    db.purge(Check, now)
