"""GET /control-totals: what crm's own documents add up to, for reconciliation with the events."""

from datetime import datetime

from functions.crm.customer import Customer
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.values.clock import Timestamp


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count the customers registered until a moment, inclusive (now if none is given): `customers.count`."""
    moment = until or now
    customers = db.aggregate(Customer, order_by="since", until=moment)
    return ControlTotals(service="crm", until=moment, totals={"customers.count": customers.count})
