"""GET /reports/{name}: run a report over the events."""

from datetime import datetime, timedelta

from functions.data_warehouse.inbox import drain
from functions.data_warehouse.reconciliation import Reconciliation, reconcile
from functions.data_warehouse.report import Report, reports
from functions.data_warehouse.table import Table, plain_rows
from shared.analytics import AnalyticalStore
from shared.calls import Calls
from shared.errors import NotFound
from shared.settings import Settings
from shared.storage import Database


def run_report(
    name: str, db: Database, store: AnalyticalStore, call: Calls, settings: Settings, now: datetime
) -> Table | Reconciliation:
    """Load what lies in the inbox, then ask; NotFound for a name that is not listed."""
    report = reports().get(name)
    if report is None and name != "reconciliation":
        raise NotFound(f"there is no report {name!r}")
    drain(db, store, seconds=20)
    if report is not None:
        return _table(report, store, now)
    return reconcile(store, call, now - timedelta(seconds=settings.reconciliation_lag_s))


def _table(report: Report, store: AnalyticalStore, until: datetime) -> Table:
    rows = plain_rows(store.query(report.sql, {"until": until}), report.columns)
    return Table(name=report.name, title=report.title, until=until, columns=list(report.columns), rows=rows)
