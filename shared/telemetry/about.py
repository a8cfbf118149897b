"""What an invocation is about: its service, its route and its order, which every line of the log then says.

Of a delivery also its event, subscription, attempt and effect. A line of the log and a recorded span say the same.
"""

import re
from contextvars import ContextVar
from typing import Any

from shared.telemetry.trace import parent_of

_current: ContextVar[dict[str, Any] | None] = ContextVar("about", default=None)
_ULID = r"(?:[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_ORDER = re.compile(f"ord_{_ULID}")
"""A ULID or a UUID: an id that somebody made up could say anything."""
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
_SAID = {
    "event": f"evt_{_ULID}",
    "type": r"[a-z]{3,20}\.[a-z_]{3,40}",
    "committed": _TIME,
    "published": _TIME,
}
"""The forms in which we write them; others are not repeated."""
_ALL_SAID = re.compile(" ".join(_SAID.values()))
APPLIED, SUPPRESSED, KEPT, UNWANTED, DEAD = "applied", "suppressed", "kept", "unwanted", "dead-lettered"
"""What may come of a delivery: also nothing, as it had been handled; or that it waits for what it came before."""
IN_DOUBT = "in-doubt"
"""Its batch did not settle: it comes again, and that attempt tells whether anything had come of this one."""


class about:  # noqa: N801  (used as a function: `with about("crm"):`)
    """Say of every line within that it is this service's, and of which span it is part."""

    __slots__ = ("_own", "_token")

    def __init__(self, service: str, own: str = "", parent: str | None = None) -> None:
        self._own: dict[str, Any] = {"service": service}
        if above := parent_of(own, parent):
            self._own["parent"] = above

    def __enter__(self) -> dict[str, Any]:
        self._token = _current.set(self._own)
        return self._own

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def current_about() -> dict[str, Any]:
    """Return what is known of the invocation that runs now."""
    return _current.get() or {}


def note_route(route: str) -> None:
    """Note the row's route: the path as it was asked for may hold anything."""
    known = _current.get()
    if known is not None:
        known["route"] = route


def note_delivery(own: str, parent: str | None, subscription: str, attempt: int, said: dict[str, str]) -> None:
    """Note what is delivered: its trace began elsewhere, and the broker's request has another.

    `said` is the message's own `event`, `type`, and when it was `committed` and `published`, in this order.
    """
    known = _current.get()
    if known is None:
        return
    known["trace"], known["span"] = own[3:35], own[36:52]
    if above := parent_of(own, parent):
        known["parent"] = above
    known["subscription"], known["attempt"] = subscription, attempt
    if _ALL_SAID.fullmatch(" ".join(said.values())):  # as ever; one look at all is half as long as one at each
        known.update(said)
    else:
        known.update({name: value for name, value in said.items() if re.fullmatch(_SAID[name], value)})


def note_effect(effect: str) -> None:
    """Note what came of the delivery; a function says itself if it is KEPT, or SUPPRESSED by its own documents."""
    known = _current.get()
    if known is not None:
        known["effect"] = effect


def forget_effect() -> None:
    """Forget what a function said: its transaction runs again."""
    known = _current.get()
    if known is not None:
        known.pop("effect", None)


def note_order(order_id: Any) -> None:
    """Note the order that this is about, if that is an order's id."""
    known = _current.get()
    if known is not None and isinstance(order_id, str) and _ORDER.fullmatch(order_id):
        known["order"] = order_id
