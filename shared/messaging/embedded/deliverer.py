"""The thread that pushes: woken by publishes, by due retries and once a second."""

import threading
import traceback

from shared.errors import Unavailable
from shared.messaging.embedded.batches import Batches
from shared.messaging.embedded.broker import Broker
from shared.messaging.embedded.outcome import MessagesOf, Push
from shared.messaging.embedded.parallel import Parallel
from shared.messaging.embedded.wakeups import Wakeups

SWEEP_SECONDS = 1.0
"""Finds what a lost wake-up left, and the leases of instances that are gone."""
PURGE_AFTER = 500
"""Deliveries after which used messages are removed."""


class Deliverer:
    """One for each web worker process.

    `parallel` 1 pushes one after the other in a durability scope of this process; more is for other processes.
    `failure` is the traceback of what ended the thread or what it waits out, None while all is well.
    """

    def __init__(
        self,
        broker: Broker,
        push: Push,
        messages_of: MessagesOf,
        *,
        parallel: int = 1,
    ) -> None:
        self.failure: str | None = None
        self._broker = broker
        self._wakeups = Wakeups(broker.wake_folder, broker.instance_id)
        self._work: Batches | Parallel = (
            Batches(broker, push, messages_of) if parallel == 1 else Parallel(broker, push, parallel, self._wakeups)
        )
        self._stopping = threading.Event()
        self._timeout = 10.0
        self._since_purge = 0
        self._thread = threading.Thread(target=self._run, name="deliverer", daemon=True)

    @property
    def healthy(self) -> bool:
        """Whether the thread runs and nothing went wrong in it."""
        return self.failure is None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to deliver."""
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish the batch at hand, waiting up to `timeout` seconds, and end; the broker stays open."""
        self._timeout = timeout
        self._stopping.set()
        self._wakeups.nudge()
        if self._thread.ident is not None:
            self._thread.join(timeout + 1)
        if not self._thread.is_alive():
            self._wakeups.close()

    def _run(self) -> None:
        try:
            self._deliver()
            self._work.finish(self._timeout)
        except BaseException:
            self.failure = traceback.format_exc()

    def _deliver(self) -> None:
        while not self._stopping.is_set():
            try:
                handled = self._turn()
                self.failure = None
            except Unavailable:  # a full disk, say: shown while it lasts
                self.failure = traceback.format_exc()
                self._stopping.wait(SWEEP_SECONDS)
                continue
            if not handled:
                self._wakeups.wait(self._until_due())

    def _turn(self) -> int:
        handled = self._work.turn()
        self._since_purge += handled
        if self._since_purge >= PURGE_AFTER or (self._since_purge and not handled):
            self._broker.purge()
            self._since_purge = 0
        return handled

    def _until_due(self) -> float:
        due = self._broker.next_due(self._work.busy_services)
        return SWEEP_SECONDS if due is None else min((due - self._broker.clock()).total_seconds(), SWEEP_SECONDS)
