"""What the platform tells of events and their deliveries; fields that no page needs are ignored."""

from typing import Any

from shared.http.models import View
from shared.values.clock import Timestamp


class Attempt(View):
    """One push of an event."""

    attempt: int
    at: Timestamp | None = None
    duration_ms: float | None = None
    status: int | None = None
    outcome: str


class Delivery(View):
    """An event at one subscription."""

    subscription: str
    service: str
    state: str
    latency_ms: float | None
    attempts: tuple[Attempt, ...]
    dead_letter: dict[str, Any] | None = None

    @property
    def function(self) -> str:
        """The function that takes it."""
        return self.subscription.split(".")[1]

    @property
    def repeats(self) -> int:
        """Attempts that found the effect there already."""
        return sum(each.outcome == "suppressed" for each in self.attempts)


class Told(View):
    """An event and who got it."""

    event_id: str
    type: str
    service: str
    at: Timestamp
    deliveries: tuple[Delivery, ...]


class Span(View):
    """One bar of the waterfall. Times in milliseconds, `offset_ms` from the report's beginning."""

    trace_id: str
    span_id: str
    kind: str
    name: str
    service: str
    cloud: str
    depth: int
    offset_ms: float
    duration_ms: float | None
    outcome: str


class Trace(View):
    """What one request, schedule or push led to."""

    trace_id: str
    root: str
    service: str
    started_at: Timestamp
    spans: int
    unbroken: bool


class Effects(View):
    """The effects report of an order."""

    counts: dict[str, int]
    events: tuple[Told, ...]
    traces: tuple[Trace, ...]
    spans: tuple[Span, ...]


class DeadLetter(View):
    """A message that a subscription gave up."""

    id: str
    subscription: str
    event_type: str | None = None
    error_code: str | None = None
    error_detail: str | None = None
    published_at: Timestamp | None = None
    attempts: int = 1
    data: Any = None

    @property
    def subject(self) -> str | None:
        """What the event is about."""
        subject = self.data.get("subject") if isinstance(self.data, dict) else None
        return subject if isinstance(subject, str) else None
