"""GET /control-totals: orders placed and refused, from checkout's own documents."""

from datetime import datetime

from functions.checkout.imported import ImportedOrder
from functions.checkout.order import Order
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count orders placed until a moment, sum their totals by currency (minor units), and count refusals."""
    moment = until or now
    totals: dict[str, int] = {"orders.count": 0}
    for currency in MINOR_DIGITS:
        for kind in (Order, ImportedOrder):
            found = db.aggregate(kind, sums=("total_minor",), order_by="placed_at", until=moment, currency=currency)
            if found.count:
                name = f"orders.total.{currency}"
                totals["orders.count"] += found.count
                totals[name] = totals.get(name, 0) + found.sums["total_minor"]
    totals["refused.count"] = db.aggregate(Order, order_by="refused_at", until=moment).count
    return ControlTotals(service="checkout", until=moment, totals=totals)
