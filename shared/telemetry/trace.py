"""W3C trace context: one trace from the first HTTP call through every push (https://www.w3.org/TR/trace-context/)."""

import random
import re
from contextvars import ContextVar

_VALID = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_current: ContextVar[str | None] = ContextVar("traceparent", default=None)


def current_traceparent() -> str | None:
    """Return the traceparent of the invocation that runs now: its trace and its own span."""
    return _current.get()


def child_of(traceparent: str | None) -> str:
    """Return the traceparent of a new span: of the given trace, or of a new one if that is missing or malformed."""
    if traceparent and _VALID.fullmatch(traceparent):
        return f"{traceparent[:36]}{_hex(16)}{traceparent[-3:]}"
    return f"00-{_hex(32)}-{_hex(16)}-01"


def parent_of(own: str, parent: str | None) -> str:
    """Return the span id of `parent` if `own` is a child of it; nothing if that was missing or malformed."""
    return parent[36:52] if parent and parent[:36] == own[:36] else ""


def _hex(digits: int) -> str:
    """Return random digits, not all zero; they name things and keep nothing secret."""
    return f"{random.getrandbits(digits * 4) or 1:0{digits}x}"


class span:  # noqa: N801  (used as a function: `with span(parent):`)
    """Run an invocation in a span of its own below `parent`."""

    __slots__ = ("_own", "_token")

    def __init__(self, parent: str | None) -> None:
        self._own = child_of(parent)

    def __enter__(self) -> str:
        self._token = _current.set(self._own)
        return self._own

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)
