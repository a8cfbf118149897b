"""GET /control-totals: what payment's own documents add up to, for reconciliation."""

from datetime import datetime

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Sum, per currency and up to `until` (now), what was ever authorized, what was captured and what was voided."""
    bound = until or now
    totals = {"captured.count": 0}
    for currency in MINOR_DIGITS:
        authorized = db.aggregate(
            Authorization, sums=("amount_minor",), currency=currency, order_by="authorized_at", until=bound
        )
        if authorized.count:
            totals[f"authorized.{currency}"] = authorized.sums["amount_minor"]
            totals["captured.count"] += _add_taken_and_freed(db, currency, bound, totals)
    return ControlTotals(service="payment", until=bound, totals=totals)


def _add_taken_and_freed(db: Database, currency: str, until: datetime, totals: dict[str, int]) -> int:
    """Add a currency's captures and voids, which need an authorization; returns how many captures there are."""
    captured = db.aggregate(Capture, sums=("amount_minor",), currency=currency, order_by="captured_at", until=until)
    voided = db.aggregate(Authorization, sums=("voided_minor",), currency=currency, order_by="voided_at", until=until)
    totals[f"captured.{currency}"] = captured.sums["amount_minor"]
    totals[f"voided.{currency}"] = voided.sums["voided_minor"]
    return captured.count
