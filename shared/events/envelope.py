"""The CloudEvents 1.0 envelope in structured JSON, and what every event class is."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from shared.values.clock import Timestamp, rfc3339


class Event(BaseModel):
    """A fact in the past tense. `subject_field` names the field that tells which thing it is about."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True)

    type: ClassVar[str]
    major: ClassVar[int] = 1
    subject_field: ClassVar[str] = "order_id"

    @property
    def subject(self) -> str:
        """What the event is about: the CloudEvents `subject`."""
        return str(getattr(self, self.subject_field))

    @classmethod
    def dataschema(cls) -> str:
        """Return the CloudEvents `dataschema`: type and major version. A new optional field is no new version."""
        return f"https://schemas.online-boutique.example/{cls.type}/v{cls.major}"


class Part(BaseModel):
    """A part of an event: frozen, and tolerant of fields that a later version adds."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True)


class Envelope(BaseModel):
    """An event on its way: CloudEvents 1.0 attributes and `data`."""

    model_config = ConfigDict(extra="allow", frozen=True, hide_input_in_errors=True, defer_build=True)

    specversion: str = "1.0"
    id: str
    type: str
    source: str
    subject: str
    time: Timestamp
    datacontenttype: str = "application/json"
    dataschema: str
    traceparent: str | None = None
    data: dict[str, Any]

    @property
    def attributes(self) -> dict[str, str]:
        """The Pub/Sub attributes that go beside the body, for filters and tracing."""
        named = {f"ce-{name}": getattr(self, name) for name in ("id", "type", "source", "subject")}
        named["ce-time"] = rfc3339(self.time)
        if self.traceparent:
            named["traceparent"] = self.traceparent
        return named


def wrap(event: Event, *, event_id: str, source: str, at: datetime, traceparent: str | None) -> Envelope:
    """Put an event into its envelope; nothing is validated again, `at` has a zone."""
    return Envelope.model_construct(
        id=event_id,
        type=event.type,
        source=source,
        subject=event.subject,
        time=at.astimezone(UTC),
        dataschema=event.dataschema(),
        traceparent=traceparent,
        data=event.model_dump(mode="json", exclude_none=True),
    )
