"""Pushing in this process: a batch of deliveries, one after the other, in one durability scope."""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress

from shared.events.envelope import Envelope
from shared.messaging.embedded.broker import Broker
from shared.messaging.embedded.delivery import Delivery
from shared.messaging.embedded.outcome import MessagesOf, Outcome, Push, attempt
from shared.messaging.letters import letters_wait_in
from shared.storage.durability import Scope, scope

log = logging.getLogger(__name__)
LARGEST = 128
SMALLEST = 8
SECONDS = 0.100
"""A batch ends after this time or `LARGEST` deliveries (PROMISES 15)."""


class Batches:
    """Leases about as many deliveries as a batch's time allows, pushes them, settles the databases, then the broker."""

    def __init__(self, broker: Broker, push: Push, messages_of: MessagesOf) -> None:
        self._broker, self._push, self._messages_of = broker, push, messages_of
        self._limit = SMALLEST
        self._gathers = True
        self._last: Scope | None = None

    @property
    def busy_services(self) -> frozenset[str]:
        """Services that get nothing now: none, because nothing is under way between batches."""
        return frozenset()

    def turn(self) -> int:
        """Deliver one batch; return how many it settled: none is acknowledged if the databases can't be made safe.

        After one that did not settle the next keeps nothing back: what fails then fails by itself, and is counted.
        """
        leased = self._broker.lease(self._limit, self._broker.clock())
        self._publish_left()
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
            with letters_wait_in(outcome.letters), scope(publish, gathers=gathers, is_batch=True) as work:
                self._last = work
                self._push_all(leased, outcome, work)
        except BaseException:
            self._gathers = False
            with suppress(Exception):
                self._broker.settle((), (), returned=leased)
            raise
        if unsafe:  # the scope leaves a failed publish to the relay, but a disk that fails must show
            raise unsafe[0]
        if not outcome.settled:  # no event was emitted, or publishing failed and the next turn tries once more
            outcome.settle(self._broker)
        return len(outcome.acked) + len(outcome.nacked)

    def finish(self, timeout: float) -> None:
        """Nothing is under way between batches."""

    def _publish_left(self) -> None:
        """Publish what the last batch committed and could not publish: nobody emits it again.

        If that fails too it is the relay's: one event that can't be published holds up no other.
        """
        last, self._last = self._last, None
        if last is None or not last.has_unpublished:
            return
        again = Scope(self._publish)
        again.take_over(last)
        try:
            again.settle()
        except Exception as error:
            log.warning("%s: the relay will send what the last batch emitted", type(error).__name__)

    def _publish(self, events: Sequence[Envelope]) -> None:
        self._broker.publish(self._messages_of(events))

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
