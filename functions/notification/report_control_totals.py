"""GET /control-totals: what notification's own documents add up to, for reconciliation."""

from datetime import datetime

from functions.notification.messages import Message
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.values.clock import Timestamp


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count messages that were sent, and those refused or bounced, up to `until`."""
    moment = until or now
    sent = db.aggregate(Message, status="sent", order_by="sent_at", until=moment)
    failed = db.aggregate(Message, order_by="failed_at", until=moment)
    totals = {"sent.count": sent.count, "failed.count": failed.count}
    return ControlTotals(service="notification", until=moment, totals=totals)
