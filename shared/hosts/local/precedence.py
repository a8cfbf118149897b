"""Answers before deliveries: in a web worker, a fresh delivery gives way for a moment while a request is answered.

Both share one interpreter, and so do requests: a certain number is answered at a time, whatever number of threads
still waits for the rest of a body. A delivery that has waited for a second gives way no more, so that events keep
flowing under a load that never pauses.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import SimpleQueue

from shared.values.clock import rfc3339, utc_now

GIVES_WAY_S = 0.004
FRESH = timedelta(seconds=1)
AT_A_TIME = 16
"""Requests that one process works on at a time."""


class Precedence:
    """Counts the requests that a process is answering."""

    def __init__(self) -> None:
        self._answering = 0
        self._places: SimpleQueue[None] = SimpleQueue()  # a semaphore, at a tenth of what threading's costs
        for _ in range(AT_A_TIME):
            self._places.put(None)
        self._none = threading.Condition()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Wait for a place, and count a request while it is being answered."""
        self._places.get()
        with self._none:
            self._answering += 1
        try:
            yield
        finally:
            with self._none:
                self._answering -= 1
                if not self._answering:
                    self._none.notify_all()
            self._places.put(None)

    def give_way(self, event_time: str) -> None:
        """Wait for requests to be answered, if this event (RFC 3339 in UTC) is fresh, and not for long."""
        if self._answering and event_time > rfc3339(utc_now() - FRESH):
            with self._none:
                self._none.wait_for(lambda: not self._answering, GIVES_WAY_S)
