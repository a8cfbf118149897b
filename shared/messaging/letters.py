"""Where dead letters go: in a batch of the embedded broker with the commit that acknowledges it, else out at once.

So a batch that does not settle leaves none, and what is delivered again does not become a second one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from shared.messaging.publisher import Message, Publisher

_waiting: ContextVar[list[Message] | None] = ContextVar("letters_of_the_batch", default=None)


@contextmanager
def letters_wait_in(letters: list[Message]) -> Iterator[None]:
    """Have the dead letters of the work within wait in this list, for whoever acknowledges that work."""
    token = _waiting.set(letters)
    try:
        yield
    finally:
        _waiting.reset(token)


def send_letters(letters: Sequence[Message], publisher: Publisher) -> None:
    """Publish dead letters, or leave them to the batch that is under way."""
    waiting = _waiting.get()
    if waiting is None:
        publisher.publish(letters)
    else:
        waiting.extend(letters)
