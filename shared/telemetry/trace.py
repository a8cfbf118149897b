"""W3C trace context: one trace from the first HTTP call through every push (https://www.w3.org/TR/trace-context/)."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_VALID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def current_traceparent() -> str | None:
    """Return the traceparent of the invocation that runs now: its trace and its own span."""
    return _current.get()


def child_of(traceparent: str | None) -> str:
    """Return the traceparent of a new span: of the given trace, or of a new one if that is missing or malformed."""
    if traceparent and _VALID.fullmatch(traceparent):
        return f"{traceparent[:36]}{secrets.token_hex(8)}{traceparent[-3:]}"
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


@contextmanager
def span(parent: str | None) -> Iterator[str]:
    """Run an invocation in a span of its own below `parent`."""
    own = child_of(parent)
    token = _current.set(own)
    try:
        yield own
    finally:
        _current.reset(token)
