"""What an invocation is about: its service, its route and its order, which every line of the log then says."""

import re
from contextvars import ContextVar
from typing import Any

_current: ContextVar[dict[str, str] | None] = ContextVar("about", default=None)
_ULID = r"([0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_ORDER, _EVENT = re.compile(f"ord_{_ULID}"), re.compile(f"evt_{_ULID}")
"""A ULID or a UUID: an id that somebody made up could say anything."""


class about:  # noqa: N801  (used as a function: `with about("crm"):`)
    """Say of every line within that it is this service's."""

    __slots__ = ("_own", "_token")

    def __init__(self, service: str) -> None:
        self._own = {"service": service}

    def __enter__(self) -> dict[str, str]:
        self._token = _current.set(self._own)
        return self._own

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def current_about() -> dict[str, str]:
    """Return what is known of the invocation that runs now."""
    return _current.get() or {}


def note_route(route: str) -> None:
    """Note the row's route: the path as it was asked for may hold anything."""
    known = _current.get()
    if known is not None:
        known["route"] = route


def note_trace(traceparent: str) -> None:
    """Note the trace of what was delivered: it began elsewhere, and the broker's request has another."""
    known = _current.get()
    if known is not None:
        known["trace"], known["span"] = traceparent[3:35], traceparent[36:52]


def note_delivery(event_id: str, effect: str) -> None:
    """Note what a delivery was of and what came of it: effects are counted by these lines."""
    known = _current.get()
    if known is not None:
        known["effect"] = effect
        if _EVENT.fullmatch(event_id):
            known["event"] = event_id


def note_order(order_id: Any) -> None:
    """Note the order that this is about, if that is an order's id."""
    known = _current.get()
    if known is not None and isinstance(order_id, str) and _ORDER.fullmatch(order_id):
        known["order"] = order_id
