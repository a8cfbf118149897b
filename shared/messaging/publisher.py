"""The Publisher port, and how events become its messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from shared.events.envelope import Envelope
from shared.manifest import Subscription, Topics


@dataclass(frozen=True)
class Message:
    """What is published: bytes, attributes for filters and tracing, and an ordering key on ordered topics."""

    topic: str
    data: bytes
    attributes: dict[str, str] = field(default_factory=dict)
    ordering_key: str = ""


class Letter(NamedTuple):
    """A message for one subscription alone, and the id by which it is asked for."""

    id: str
    subscription: Subscription
    message: Message


def attribute(text: str) -> str:
    """Return as much of a text as an attribute's value may hold in Pub/Sub: 1,024 bytes."""
    return text.encode()[:1024].decode(errors="ignore")


class Publisher(Protocol):
    """A broker's door."""

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Publish and return message ids once the broker keeps all of them safely.

        Raises if it may not have them all.
        """


def messages_of(topics: Topics) -> Callable[[Sequence[Envelope]], list[Message]]:
    """Return a function that writes events in CloudEvents structured JSON, for the topics of their types."""

    def write(events: Sequence[Envelope]) -> list[Message]:
        return [
            Message(
                topics.of(event.type),
                event.model_dump_json(exclude_none=True).encode(),
                event.attributes,
                topics.ordering_key(event.type, event.subject),
            )
            for event in events
        ]

    return write


def event_publisher(publisher: Publisher, topics: Topics) -> Callable[[Sequence[Envelope]], None]:
    """Return a function that publishes events to the topics of their types."""
    write = messages_of(topics)

    def publish(events: Sequence[Envelope]) -> None:
        publisher.publish(write(events))

    return publish
