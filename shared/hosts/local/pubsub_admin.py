"""Topics and subscriptions in Pub/Sub's emulator: made from the rows, and dead letters pulled from their keepers."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import requests

from shared.manifest import Manifest, Subscription

_PATIENCE_S = 10.0
_KEPT_FOR = "604800s"
_HELD_S = 60
"""How long a dead letter that somebody looks at is hidden from others, should they not give it back."""
_EXISTS = 409


class PubSubAdmin:
    """The REST API of one project in the emulator. Not shared between threads."""

    def __init__(self, emulator: str, project: str) -> None:
        self._project = project
        self._root = f"http://{emulator}/v1/projects/{project}"
        self._session = requests.Session()
        self._session.trust_env = False

    def is_empty(self) -> bool:
        """Whether the project has no topic: the emulator is new, or was started again."""
        answer = self._session.get(f"{self._root}/topics", timeout=_PATIENCE_S)
        answer.raise_for_status()
        return not answer.json().get("topics")

    def declare(self, rows: Manifest, estate: str, key: str) -> None:
        """Make what the rows ask for; subscriptions that are there already push to this estate from now on."""
        subscriptions = rows.subscriptions()
        for topic in (*rows.topics.topics, *(each.dead_letter_topic for each in subscriptions)):
            self._make(f"topics/{topic}", {})
        for each in subscriptions:
            keeper = {"topic": self._topic(each.dead_letter_topic), "ackDeadlineSeconds": _HELD_S}
            self._make(f"subscriptions/{each.dead_letter_topic}", {**keeper, "messageRetentionDuration": _KEPT_FOR})
            pushing = {"pushEndpoint": f"{estate}/{each.service}{each.path}?{urlencode({'key': key})}"}
            if not self._make(f"subscriptions/{each.name}", {**self._pushed(each), "pushConfig": pushing}):
                self._ask(f"subscriptions/{each.name}:modifyPushConfig", {"pushConfig": pushing})

    def take(self, subscription: str) -> list[dict[str, Any]]:
        """Pull everything that a subscription keeps, `{ackId, message}` each; acknowledge it or give it back."""
        taken: list[dict[str, Any]] = []
        while True:
            found = self._ask(f"subscriptions/{subscription}:pull", {"maxMessages": 1000, "returnImmediately": True})
            if not found.get("receivedMessages"):
                return taken
            taken += found["receivedMessages"]

    def acknowledge(self, subscription: str, ack_ids: list[str]) -> None:
        """Remove what was taken."""
        if ack_ids:
            self._ask(f"subscriptions/{subscription}:acknowledge", {"ackIds": ack_ids})

    def give_back(self, subscription: str, ack_ids: Iterable[str]) -> None:
        """Leave it to the next who looks."""
        if kept := list(ack_ids):
            self._ask(f"subscriptions/{subscription}:modifyAckDeadline", {"ackIds": kept, "ackDeadlineSeconds": 0})

    def close(self) -> None:
        """Give back the connection."""
        self._session.close()

    def _pushed(self, each: Subscription) -> dict[str, Any]:
        """Return what a subscription is, but for its retry and dead-letter policies and its filter.

        With a retry policy, the emulator (0.8.20) never again pushes a message that failed three times; without, it
        does so once a second. With a dead-letter policy it counts attempts that nobody was there for, and a push loop
        that gives up may die of a NullPointerException: nothing of that subscription is pushed again. So the front door
        gives up. Filters it ignores.
        """
        wanted: dict[str, Any] = {
            "topic": self._topic(each.topic),
            "ackDeadlineSeconds": each.retry.ack_deadline_s,
            "enableMessageOrdering": each.ordered,
        }
        return wanted

    def _topic(self, name: str) -> str:
        return f"projects/{self._project}/topics/{name}"

    def _make(self, path: str, body: dict[str, Any]) -> bool:
        """Make something; False if it is there."""
        answer = self._session.put(f"{self._root}/{path}", json=body, timeout=_PATIENCE_S)
        if answer.status_code == _EXISTS:
            return False
        answer.raise_for_status()
        return True

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self._session.post(f"{self._root}/{path}", json=body, timeout=_PATIENCE_S)
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found
