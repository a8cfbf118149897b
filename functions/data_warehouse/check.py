"""Hourly checks: what reconciliation found, kept for a quarter, so that a drift can be dated."""

from datetime import datetime, timedelta

from functions.data_warehouse.reconciliation import Difference
from shared.storage import Document, Index
from shared.values.clock import Timestamp

KEPT = timedelta(days=92)


class Check(Document):
    """One hour's reconciliation; its key is the hour (UTC), so it is made once."""

    collection = "checks"
    key_field = "hour"
    indexes = (Index("until"),)
    ttl_field = "forgotten_at"

    hour: str
    until: Timestamp
    balanced: bool
    checked: int
    differences: tuple[Difference, ...]
    forgotten_at: Timestamp


def hour_of(moment: datetime) -> str:
    """Return the key of a moment's hour: '2026-11-20T08'."""
    return moment.strftime("%Y-%m-%dT%H")
