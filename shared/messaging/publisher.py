"""The Publisher port, and how events become its messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.events.envelope import Envelope


@dataclass(frozen=True)
class Message:
    """What is published: bytes, attributes for filters and tracing, and an ordering key only where a row asks."""

    topic: str
    data: bytes
    attributes: dict[str, str] = field(default_factory=dict)
    ordering_key: str = ""


class Publisher(Protocol):
    """A broker's door."""

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Publish and return message ids once the broker keeps all of them safely; raises if it may not have them all."""


def event_publisher(publisher: Publisher, topic_of: Callable[[str], str]) -> Callable[[Sequence[Envelope]], None]:
    """Return a function that publishes events in CloudEvents structured JSON to the topics of their types."""

    def publish(events: Sequence[Envelope]) -> None:
        publisher.publish(event_messages(events, topic_of))

    return publish


def event_messages(events: Sequence[Envelope], topic_of: Callable[[str], str]) -> list[Message]:
    """Write events as messages: CloudEvents structured JSON for the topics of their types."""
    return [
        Message(topic_of(event.type), event.model_dump_json(exclude_none=True).encode(), event.attributes)
        for event in events
    ]
