"""Dead letters in Pub/Sub's emulator: listed by taking and giving back, replayed by a push of our own.

Pub/Sub can't deliver to one subscription alone, so a replay pushes to that subscription's function as the broker would.
"""

import fcntl
import os
from base64 import b64decode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import orjson

from shared.hosts.local.pubsub_admin import PubSubAdmin
from shared.manifest import Subscription
from shared.messaging.embedded.dead_letters import described, original
from shared.messaging.embedded.delivery import Delivery, micros, push_body
from shared.messaging.emulated.ledger import Ledger
from shared.messaging.publisher import Letter, Message
from shared.settings import Settings

Push = Callable[[Subscription, bytes, str], bool]
"""Push a body to a subscription, of a message of this name; whether it was acknowledged."""


class EmulatedDeadLetters:
    """The dead letters of this estate. Whoever looks has them alone; others wait."""

    def __init__(self, settings: Settings, ledger: Ledger, push: Push) -> None:
        self._settings, self._ledger, self._push = settings, ledger, push

    def listed(self, limit: int) -> list[dict[str, Any]]:
        """Return the oldest dead letters with their reasons and data."""
        found: list[dict[str, Any]] = []
        with self._alone() as admin:
            for source in self._ledger.with_dead_letters():
                with _taken(admin, source) as (letters, _):
                    found += [_described(source, each["message"]) for each in letters]
        return sorted(found, key=lambda letter: int(letter["id"]))[:limit]

    def replay(self, subscription: str | None, ids: Sequence[str] | None) -> int:
        """Push dead letters (all, a subscription's, or these) again; those that fail stay. Returns how many went.

        ValueError if an id is no number.
        """
        wanted = None if ids is None else {int(each) for each in ids}
        replayed = 0
        with self._alone() as admin:
            for source in self._ledger.with_dead_letters():
                if subscription not in (None, source.name):
                    continue
                with _taken(admin, source) as (letters, done):
                    chosen = [each for each in letters if wanted is None or int(each["message"]["messageId"]) in wanted]
                    done += [each["ackId"] for each in chosen if self._again(source, each["message"])]
                    replayed += len(done)
        return replayed

    def letters(self, subscription: str | None, ids: Sequence[str] | None) -> list[Letter]:
        """Return dead letters (all, a subscription's, or these) as they were published first, and leave them."""
        wanted = None if ids is None else {int(each) for each in ids}
        found: list[Letter] = []
        with self._alone() as admin:
            for source in self._ledger.with_dead_letters():
                if subscription in (None, source.name):
                    with _taken(admin, source) as (letters, _):
                        there = [each["message"] for each in letters]
                        chosen = (each for each in there if wanted is None or int(each["messageId"]) in wanted)
                        found += [Letter(each["messageId"], source, _original(source, each)) for each in chosen]
        return sorted(found, key=lambda letter: int(letter.id))

    def send(self, source: Subscription, message: Message, number: int, at: int) -> bool:
        """Push a message to one subscription as the broker would; whether it was acknowledged."""
        text = orjson.dumps(message.attributes).decode()
        delivery = Delivery(source, 0, number, 1, 0, message.data, text, message.ordering_key, at)
        return self._push(source, push_body(delivery), message.attributes.get("ce-id", str(number)))

    def _again(self, source: Subscription, message: dict[str, Any]) -> bool:
        return self.send(source, _original(source, message), int(message["messageId"]), _published_at(message))

    @contextmanager
    def _alone(self) -> Iterator[PubSubAdmin]:
        lock = os.open(self._settings.data / "dead-letters.lock", os.O_CREAT | os.O_RDWR, 0o600)
        admin = PubSubAdmin(self._settings.pubsub, self._settings.project)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield admin
        finally:
            admin.close()
            os.close(lock)


@contextmanager
def _taken(admin: PubSubAdmin, source: Subscription) -> Iterator[tuple[list[dict[str, Any]], list[str]]]:
    """Give what a subscription's keeper holds, and a list for what is done with; the rest is given back."""
    keeper, done = source.dead_letter_topic, list[str]()
    letters = admin.take(keeper)
    try:
        yield letters, done
    finally:
        admin.acknowledge(keeper, done)
        admin.give_back(keeper, (each["ackId"] for each in letters if each["ackId"] not in done))


def _described(source: Subscription, message: dict[str, Any]) -> dict[str, Any]:
    attributes = {"error-code": "max_attempts", **message.get("attributes", {})}  # the broker's own say nothing
    data = b64decode(message.get("data", ""))
    text = orjson.dumps(attributes)
    return described((message["messageId"], source.name, source.topic, data, text, "", _published_at(message)))


def _original(source: Subscription, message: dict[str, Any]) -> Message:
    attributes = original(message.get("attributes", {}))
    return Message(source.topic, b64decode(message.get("data", "")), attributes, message.get("orderingKey", ""))


def _published_at(message: dict[str, Any]) -> int:
    return micros(datetime.fromisoformat(message["publishTime"]))
