"""GET /control-totals: what crm's own documents add up to, for reconciliation with the events."""

from datetime import datetime

from functions.crm.customer import Customer
from functions.crm.merges import Merge
from functions.crm.standings import StandingChange
from functions.crm.tiers import TierChange
from shared.http.models import ControlTotals
from shared.storage import Database
from shared.storage.documents import Document
from shared.values.clock import Timestamp

COUNTED: dict[str, tuple[type[Document], str]] = {
    "customers.count": (Customer, "since"),
    "tier_changes.count": (TierChange, "at"),
    "standing_changes.count": (StandingChange, "at"),
    "merged.count": (Merge, "merged_at"),
}
"""What is counted by which moment. A merged record stays one that was registered."""


def report_control_totals(db: Database, now: datetime, until: Timestamp | None = None) -> ControlTotals:
    """Count what happened until a moment, inclusive (now if none is given)."""
    moment = until or now
    totals = {name: db.aggregate(kind, order_by=field, until=moment).count for name, (kind, field) in COUNTED.items()}
    return ControlTotals(service="crm", until=moment, totals=totals)
