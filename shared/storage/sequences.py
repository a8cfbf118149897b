"""What every outbox knows of its events: which of them must keep their order, and when the relay may take them."""

from collections.abc import Callable
from datetime import timedelta

from shared.events.envelope import Envelope

LEFT_FOR_LONG = timedelta(seconds=30)
"""After this the relay takes an event, whoever committed it."""

SequenceOf = Callable[[Envelope], str]
"""Names the sequence that an event belongs to (its topic and ordering key); empty for an event of none."""


def no_sequence(_: Envelope) -> str:
    """Leave every event without a sequence."""
    return ""
