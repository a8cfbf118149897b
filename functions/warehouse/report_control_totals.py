"""GET /control-totals: what this service's own documents add up to, for reconciliation with the events."""

from datetime import datetime

from functions.warehouse.returned import ExpectedReturn
from functions.warehouse.shipment import Shipment
from functions.warehouse.short import Short
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count what was planned, dispatched, delivered, short and returned until `until` (now), by its events' times."""
    upto = until or now
    totals = {
        "planned.count": db.aggregate(Shipment, order_by="planned_at", until=upto).count,
        "dispatched.count": 0,
        "delivered.count": db.aggregate(Shipment, order_by="delivered_at", until=upto).count,
        "shorted.count": db.aggregate(Short, order_by="shorted_at", until=upto).count,
        "returned.count": 0,
        "returns_lapsed.count": db.aggregate(ExpectedReturn, order_by="lapsed_at", until=upto).count,
    }
    for currency in MINOR_DIGITS:
        left = db.aggregate(Shipment, sums=("total_minor",), order_by="dispatched_at", until=upto, currency=currency)
        if left.count:
            totals["dispatched.count"] += left.count
            totals[f"dispatched.total.{currency}"] = left.sums["total_minor"]
        back = db.aggregate(
            ExpectedReturn, sums=("total_minor",), order_by="received_at", until=upto, currency=currency
        )
        if back.count:
            totals["returned.count"] += back.count
            totals[f"returned.total.{currency}"] = back.sums["total_minor"]
    return ControlTotals(service="warehouse", until=upto, totals=totals)
