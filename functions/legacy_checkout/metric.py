"""What the old checkout tells of itself: one document a metric."""

from datetime import timedelta
from typing import ClassVar

from shared.storage import Document, Index
from shared.values.clock import Timestamp

KEPT = timedelta(days=30)


class Metric(Document):
    """How long something took, and whether it went well."""

    collection: ClassVar[str] = "metrics"
    key_field: ClassVar[str] = "metric_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("told_at", sums=("duration_ms",)),
        Index("success", "told_at"),
    )
    ttl_field: ClassVar[str | None] = "forgotten_at"

    metric_id: str
    transaction_type: str
    duration_ms: int
    success: bool
    told_at: Timestamp
    forgotten_at: Timestamp
