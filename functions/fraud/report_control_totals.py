"""GET /api/control-totals: what fraud's own rows add up to, for reconciliation."""

from datetime import datetime

from functions.fraud.history import History
from functions.fraud.transaction import FAMILY
from shared.http.models import ControlTotals
from shared.values.clock import Timestamp


def report_control_totals(history: History, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count and sum, per currency, the confirmed orders up to `until` (now)."""
    bound = until or now
    found = history.totals(FAMILY, bound)
    totals = {"transactions.count": sum(total.count for total in found.values())}
    totals |= {f"transactions.total.{currency}": total.minor for currency, total in found.items()}
    return ControlTotals(service="fraud", until=bound, totals=totals)
