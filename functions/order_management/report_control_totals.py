"""GET /control-totals: what this service's own documents add up to, for reconciliation with the events."""

from datetime import datetime

from functions.order_management.order import Order
from functions.order_management.reduction import Reduction
from functions.order_management.returns import Return
from shared.http.models import ControlTotals
from shared.storage import Database, Document
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count and sum what happened up to `until` (now), by the times of the events: orders, reductions and returns."""
    upto = until or now
    totals = {
        **_money(db, "orders", Order, "total_minor", "opened_at", upto),
        **_money(db, "reduced", Reduction, "total_minor", "ended_at", upto, state="reduced"),
        **_money(db, "returns_refunded", Return, "refunded_minor", "refunded_at", upto),
    }
    for decision in ("approved", "rejected"):
        totals[f"{decision}.count"] = db.aggregate(Order, order_by="review_at", until=upto, review=decision).count
    totals["delivered.count"] = db.aggregate(Order, order_by="delivered_at", until=upto).count
    totals["cancelled.count"] = db.aggregate(Reduction, order_by="ended_at", until=upto, state="cancelled").count
    totals["returns_requested.count"] = db.aggregate(Return, order_by="requested_at", until=upto).count
    return ControlTotals(service="order_management", until=upto, totals=totals)


def _money(
    db: Database, name: str, kind: type[Document], amount: str, at: str, upto: datetime, **equals: str
) -> dict[str, int]:
    """Count documents and add up an amount per currency, of those whose time is not later."""
    totals = {f"{name}.count": 0}
    for currency in MINOR_DIGITS:
        found = db.aggregate(kind, sums=(amount,), order_by=at, until=upto, currency=currency, **equals)
        if found.count:
            totals[f"{name}.count"] += found.count
            totals[f"{name}.total.{currency}"] = found.sums[amount]
    return totals
