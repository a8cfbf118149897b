"""`tx` and effects outside never meet: ports with outside effects refuse to work while a transaction is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.storage import durability

_open: ContextVar[str | None] = ContextVar("open_transaction", default=None)


class TransactionOpen(AssertionError):
    """A defect: an outside effect was asked for, or another transaction begun, while a transaction was open."""


@contextmanager
def open_transaction(service: str) -> Iterator[None]:
    """Mark a transaction as open while its work runs; they don't nest."""
    if _open.get() is not None:
        raise TransactionOpen(f"a transaction of {service} was begun inside one of {_open.get()}")
    token = _open.set(service)
    try:
        yield
    finally:
        _open.reset(token)


def no_transaction(what: str) -> None:
    """Refuse `what` while a transaction is open."""
    if _open.get() is not None:
        raise TransactionOpen(f"{what} inside a transaction of {_open.get()}")


def leaving(what: str) -> None:
    """Say that an effect is about to leave.

    Refused inside a transaction, and everything it rests on is made safe first.
    """
    no_transaction(what)
    durability.leaving()
