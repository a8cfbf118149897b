"""GET /azure/metrics: what the old checkout told of itself."""

from datetime import datetime

from functions.legacy_checkout.answers import MetricRow, Metrics, MetricSummary
from functions.legacy_checkout.figures import NEWEST
from functions.legacy_checkout.metric import Metric
from functions.legacy_checkout.old_services import Asked, OldServices
from shared.storage import Database


def list_metrics(db: Database, old: OldServices, now: datetime) -> Metrics:
    """Return the newest 50, and a summary of 30 days."""

    def ours() -> Metrics:
        newest = db.query(Metric, order_by="told_at", descending=True, limit=NEWEST).items
        return Metrics(
            summary=summary(),
            data=[
                MetricRow(
                    transaction_type=each.transaction_type,
                    duration_ms=each.duration_ms,
                    success=each.success,
                    timestamp=each.told_at,
                )
                for each in newest
            ],
        )

    def summary() -> MetricSummary:
        whole = db.aggregate(Metric, sums=("duration_ms",), order_by="told_at")
        good = db.aggregate(Metric, order_by="told_at", success=True).count
        mean = whole.sums["duration_ms"] // whole.count if whole.count else 0
        return MetricSummary(total=whole.count, successful=good, average_duration_ms=mean)

    kept = db.aggregate(Metric, order_by="told_at").count if old.shadowed else 0
    return old.beside(db, now, Asked("azure", "GET /metrics", kept=kept), ours)
