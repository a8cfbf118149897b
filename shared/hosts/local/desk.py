"""What the estate's own routes ask of its broker, whichever it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from shared.manifest import Subscription
from shared.messaging.publisher import Letter, Message


class Desk(Protocol):
    """A broker's reports, dead letters and door."""

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Publish; LookupError for an unknown topic."""

    def names(self) -> set[str]:
        """Return the names of the subscriptions that the triggers declare."""

    def backlog(self) -> int:
        """Return how many deliveries are outstanding; dead letters are not."""

    def subscriptions_report(self, now: datetime) -> list[dict[str, Any]]:
        """Return each subscription's backlog, age and counters."""

    def dead_letters(self, limit: int = 100) -> list[dict[str, Any]]:
        """Return the oldest dead letters with their reasons."""

    def undelivered(self, order_id: str) -> list[dict[str, Any]]:
        """Return each outstanding delivery of an event of this order, in the words of a recorded line."""

    def replay(self, subscription: str | None = None, ids: Sequence[str] | None = None) -> int:
        """Deliver dead letters afresh, each to its own subscription alone; ValueError if an id is no number."""

    def letters(self, subscription: str | None = None, ids: Sequence[str] | None = None) -> list[Letter]:
        """Return dead letters as they were published first, and leave them; ValueError if an id is no number."""

    def send(self, subscription: Subscription, messages: Sequence[Message]) -> int:
        """Deliver messages to one subscription alone; return how many it will have, or has."""
