"""What came of a batch of deliveries, until it is settled in one commit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.events.envelope import Envelope
from shared.manifest import Subscription
from shared.messaging.embedded.broker import Broker
from shared.messaging.embedded.delivery import ACKNOWLEDGING, Delivery, Nack, PushResult, push_body
from shared.messaging.publisher import Message

Push = Callable[[Subscription, bytes, dict[str, str]], PushResult]
"""Deliver a push body to a subscription's endpoint; the last argument is the message's attributes (for tracing)."""
MessagesOf = Callable[[Sequence[Envelope]], list[Message]]
"""Turn events into messages for the topics of their types."""


def attempt(push: Push, delivery: Delivery) -> PushResult:
    """Push one delivery; whatever the push raises is a failed attempt."""
    try:
        return push(delivery.subscription, push_body(delivery), delivery.attribute_values)
    except Exception as error:
        return PushResult(500, f"{type(error).__name__}: {error}")


@dataclass
class Outcome:
    """Which deliveries succeeded and failed, and which were leased in vain."""

    acked: list[Delivery] = field(default_factory=list)
    nacked: list[Nack] = field(default_factory=list)
    returned: list[Delivery] = field(default_factory=list)
    letters: list[Message] = field(default_factory=list)
    """Dead letters that the pushes left; they are there if and only if their deliveries are acknowledged."""
    settled: bool = False

    def add(self, delivery: Delivery, result: PushResult) -> None:
        """Note how a push ended."""
        if result.status in ACKNOWLEDGING:
            self.acked.append(delivery)
        else:
            self.nacked.append(Nack(delivery, f"{result.status} {result.detail}".rstrip()))

    def settle(self, broker: Broker, messages: Sequence[Message] = ()) -> None:
        """Write it all in one commit, with what the batch published."""
        broker.settle(self.acked, self.nacked, [*messages, *self.letters], returned=self.returned)
        self.settled = True
