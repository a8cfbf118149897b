"""A circuit breaker: after several failures in a row a service is left alone for a while, then tried once."""

from collections.abc import Callable
from threading import Lock

from shared.errors import CallFailed

FAILURES = 5
OPEN_S = 5.0


class Breaker:
    """One per called service and process. `monotonic` gives seconds that only grow."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic, self._lock = monotonic, Lock()
        self._failures = 0
        self._open_until: float | None = None

    def before(self, service: str) -> None:
        """Let a call pass, or fail it at once while open; after that time lets a single call try."""
        with self._lock:
            if self._open_until is None:
                return
            now = self._monotonic()
            if now < self._open_until:
                raise CallFailed(f"{service} failed {self._failures} times in a row and is left alone for a moment")
            self._open_until = now + OPEN_S

    def succeeded(self) -> None:
        """Note an answer, whatever it said."""
        with self._lock:
            self._failures, self._open_until = 0, None

    def failed(self) -> None:
        """Note that no answer came."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._open_until = self._monotonic() + OPEN_S
