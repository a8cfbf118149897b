"""Pushing to other processes: several at a time, so that a service that hangs doesn't stop the others."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

from shared.messaging.embedded.broker import Broker
from shared.messaging.embedded.delivery import Delivery, PushResult
from shared.messaging.embedded.outcome import Outcome, Push, attempt
from shared.messaging.embedded.wakeups import Wakeups


class Parallel:
    """Keeps up to `threads` pushes under way, at most a quarter of them to one service.

    No durability scope is opened here: the process that is pushed to answers only when its work is safe.
    """

    def __init__(self, broker: Broker, push: Push, threads: int, wakeups: Wakeups) -> None:
        self._broker, self._push, self._wakeups = broker, push, wakeups
        self._threads, self._each = threads, max(1, threads // 4)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="push")
        self._finished: SimpleQueue[tuple[Delivery, PushResult]] = SimpleQueue()
        self._under_way: Counter[str] = Counter()

    @property
    def busy_services(self) -> frozenset[str]:
        """Services that get nothing until a push to them ends; every one if no thread is free."""
        if self._under_way.total() >= self._threads:
            return self._broker.services
        return frozenset(service for service, pushes in self._under_way.items() if pushes >= self._each)

    def turn(self) -> int:
        """Settle what ended and start what is due; return how many did either."""
        outcome = Outcome()
        while True:
            try:
                delivery, result = self._finished.get_nowait()
            except Empty:
                break
            outcome.add(delivery, result)
            self._under_way[delivery.subscription.service] -= 1
        free = self._threads - self._under_way.total()
        leased = self._broker.lease(free, self._broker.clock(), self.busy_services) if free else []
        for each in leased:
            self._start(each, outcome)
        if outcome.acked or outcome.nacked or outcome.returned:
            outcome.settle(self._broker)
        return len(outcome.acked) + len(outcome.nacked) + len(leased) - len(outcome.returned)

    def finish(self, timeout: float) -> None:
        """Wait up to `timeout` seconds for pushes under way and settle them; others lose their lease in time."""
        ends = time.monotonic() + timeout
        outcome = Outcome()
        while self._under_way.total() and (left := ends - time.monotonic()) > 0:
            try:
                delivery, result = self._finished.get(timeout=left)
            except Empty:
                break
            outcome.add(delivery, result)
            self._under_way[delivery.subscription.service] -= 1
        outcome.settle(self._broker)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _start(self, delivery: Delivery, outcome: Outcome) -> None:
        service = delivery.subscription.service
        if self._under_way[service] >= self._each:
            outcome.returned.append(delivery)
            return
        self._under_way[service] += 1
        self._pool.submit(self._run, delivery)

    def _run(self, delivery: Delivery) -> None:
        self._finished.put((delivery, attempt(self._push, delivery)))
        self._wakeups.nudge()
