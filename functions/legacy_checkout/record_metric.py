"""POST /azure/metrics: how long a checkout took. Kept for the dashboards; it says nothing about fraud."""

from datetime import datetime

from pydantic import Field

from functions.legacy_checkout.answers import MetricTaken
from functions.legacy_checkout.metric import KEPT, Metric
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import OldCall
from shared.storage import Database
from shared.values.identifiers import new_id


class MetricCall(OldCall):
    """What took how many milliseconds."""

    transaction_type: str = Field(min_length=1, max_length=100)
    duration_ms: int = Field(ge=0, le=86_400_000)
    success: bool


def record_metric(command: MetricCall, db: Database, old: OldServices, now: datetime) -> MetricTaken:
    """Keep it for 30 days."""

    def ours() -> MetricTaken:
        metric = Metric(
            metric_id=new_id("met", now),
            transaction_type=command.transaction_type,
            duration_ms=command.duration_ms,
            success=command.success,
            told_at=now,
            forgotten_at=now + KEPT,
        )
        db.transact(lambda tx: tx.create(metric))
        return MetricTaken(id=metric.metric_id)

    return old.beside(db, now, Asked("azure", "POST /metrics", body=command, answers=201), ours)
