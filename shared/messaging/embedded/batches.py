"""Pushing in this process: a batch of deliveries, one after the other, in one durability scope."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from shared.events.envelope import Envelope
from shared.messaging.embedded.broker import Broker
from shared.messaging.embedded.delivery import Delivery
from shared.messaging.embedded.outcome import MessagesOf, Outcome, Push, attempt
from shared.storage.durability import Scope, scope

LARGEST = 128
SMALLEST = 8
SECONDS = 0.100
"""A batch ends after this time or `LARGEST` deliveries (PROMISES 15)."""


class Batches:
    """Leases about as many deliveries as a batch's time allows, pushes them, settles the databases, then the broker.

    `pushed` is called when all of a batch were pushed and none is acknowledged yet.
    """

    def __init__(
        self, broker: Broker, push: Push, messages_of: MessagesOf, pushed: Callable[[], None] | None = None
    ) -> None:
        self._broker, self._push, self._messages_of, self._pushed = broker, push, messages_of, pushed
        self._limit = SMALLEST
        self._gathers = True

    @property
    def busy_services(self) -> frozenset[str]:
        """Services that get nothing now: none, because nothing is under way between batches."""
        return frozenset()

    def turn(self) -> int:
        """Deliver one batch; return how many it settled: none is acknowledged if the databases can't be made safe.

        After one that did not settle the next keeps nothing back: what fails then fails by itself, and is counted.
        """
        leased = self._broker.lease(self._limit, self._broker.clock())
        if not leased:
            return 0
        outcome = Outcome()
        unsafe: list[OSError] = []

        def publish(events: Sequence[Envelope]) -> None:
            try:
                outcome.settle(self._broker, self._messages_of(events))
            except OSError as error:
                unsafe.append(error)
                raise

        gathers, self._gathers = self._gathers, True
        try:
            with scope(publish, gathers=gathers) as work:
                self._push_all(leased, outcome, work)
                if self._pushed:
                    self._pushed()
        except BaseException:
            self._gathers = False
            with suppress(Exception):
                self._broker.settle((), (), returned=leased)
            raise
        if unsafe:  # the scope leaves a failed publish to the relay, but a disk that fails must show
            raise unsafe[0]
        if not outcome.settled:  # no event was emitted, or publishing failed and the relay will send the outbox rows
            outcome.settle(self._broker)
        return len(outcome.acked) + len(outcome.nacked)

    def finish(self, timeout: float) -> None:
        """Nothing is under way between batches."""

    def _push_all(self, leased: list[Delivery], outcome: Outcome, work: Scope) -> None:
        ends = time.monotonic() + SECONDS
        for done, delivery in enumerate(leased):
            if done and time.monotonic() >= ends:
                outcome.returned = leased[done:]
                self._limit = max(done, SMALLEST)
                return
            outcome.add(delivery, attempt(self._push, delivery))
            work.next_invocation()
        if len(leased) == self._limit:
            self._limit = min(self._limit * 2, LARGEST)
