"""GET /control-totals: what this service's own documents add up to, for reconciliation with the events."""

from datetime import datetime

from functions.order_management.order import Order
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count orders opened, decided and wholly delivered up to `until` (now), by the times of their events."""
    upto = until or now
    totals = {"orders.count": 0}
    for currency in MINOR_DIGITS:
        opened = db.aggregate(Order, sums=("total_minor",), order_by="opened_at", until=upto, currency=currency)
        if opened.count:
            totals["orders.count"] += opened.count
            totals[f"orders.total.{currency}"] = opened.sums["total_minor"]
    for decision in ("approved", "rejected"):
        totals[f"{decision}.count"] = db.aggregate(Order, order_by="review_at", until=upto, review=decision).count
    totals["delivered.count"] = db.aggregate(Order, order_by="delivered_at", until=upto).count
    return ControlTotals(service="order_management", until=upto, totals=totals)
