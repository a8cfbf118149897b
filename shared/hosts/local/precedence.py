"""Answers before deliveries: in a web worker, a fresh delivery gives way for a moment while a request is answered.

Both share one interpreter. A delivery that has waited for a second gives way no more, so that events keep flowing under
a load that never pauses.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from shared.values.clock import rfc3339, utc_now

GIVES_WAY_S = 0.004
FRESH = timedelta(seconds=1)


class Precedence:
    """Counts the requests that a process is answering."""

    def __init__(self) -> None:
        self._answering = 0
        self._none = threading.Condition()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count a request while it is being answered."""
        with self._none:
            self._answering += 1
        try:
            yield
        finally:
            with self._none:
                self._answering -= 1
                if not self._answering:
                    self._none.notify_all()

    def give_way(self, event_time: str) -> None:
        """Wait for requests to be answered, if this event (RFC 3339 in UTC) is fresh, and not for long."""
        if self._answering and event_time > rfc3339(utc_now() - FRESH):
            with self._none:
                self._none.wait_for(lambda: not self._answering, GIVES_WAY_S)
