"""Something to push to, and how a test waits for what another thread does."""

import threading
import time
from collections.abc import Callable
from typing import Any

from shared.manifest import Subscription
from shared.messaging.embedded import PushResult


class Inbox:
    """Takes pushes and answers each service with its status; `wait` until so many came."""

    def __init__(self, **statuses: int) -> None:
        self.statuses = statuses
        self.came: list[tuple[str, bytes, dict[str, str]]] = []
        self._changed = threading.Condition()

    def __call__(self, subscription: Subscription, body: bytes, attributes: dict[str, str]) -> PushResult:
        with self._changed:
            self.came.append((subscription.service, body, attributes))
            self._changed.notify_all()
        return PushResult(self.statuses.get(subscription.service, 204), "says why")

    def wait(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.came) >= count, 5), self.came

    @property
    def services(self) -> list[str]:
        return [service for service, _, _ in self.came]


def until(condition: Callable[[], Any]) -> Any:
    ends = time.monotonic() + 5
    while not (found := condition()):
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.002)
    return found
