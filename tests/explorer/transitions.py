"""Which state of a document may follow which: every commit of the estate is watched."""

from collections.abc import Callable
from typing import Any

import orjson

from shared.storage.sqlite_transaction import SqliteTransaction

NEW = None
FORWARD = ("confirmed", "partially_dispatched", "dispatched", "delivered")

Drawing = dict[str | None, set[str]]


def _progress() -> Drawing:
    """An order's facts are folded when they can be: it may pass over what was heard early."""
    ahead = {state: set(FORWARD[place + 1 :]) | {"cancelled"} for place, state in enumerate(FORWARD)}
    ends: set[str] = {*FORWARD, "held", "requires_action", "backordered", "rejected", "cancelled"}
    return {
        **ahead,
        NEW: ends,
        "requires_action": ends - {"requires_action"},
        "backordered": ends - {"backordered", "requires_action", "held"},
        "held": ends - {"held", "requires_action", "backordered"},
        "dispatched": {"delivered"},
        "delivered": set(),
    }


_RESERVATION: tuple[str, Drawing] = (
    "state",
    {NEW: {"pending", "firm", "released"}, "pending": {"firm", "released"}, "firm": {"committed", "released"}},
)
_RESULT: Drawing = {NEW: {"asking", "cancelled", "reduced"}, "asking": {"cancelled", "reduced", "refused"}}

DRAWN: dict[tuple[str, str], tuple[str, Drawing]] = {
    ("checkout", "orders"): (
        "state",
        {
            NEW: {"running"},
            "running": {"placed", "awaiting_customer", "undoing", "refused"},
            "awaiting_customer": {"placed", "undoing"},
            "undoing": {"refused"},
        },
    ),
    ("inventory", "reservations"): _RESERVATION,
    ("furniture", "reservations"): _RESERVATION,
    ("payment", "authorizations"): (
        "state",
        {
            NEW: {"asking", "cancelled", "prepaid"},
            "prepaid": {"owed_back"},
            "asking": {"open", "authorized", "declined", "requires_action", "voiding"},
            "open": {"asking", "voiding"},
            "requires_action": {"authorized", "declined", "voiding"},
            "authorized": {"captured", "voiding", "renewing"},
            "renewing": {"authorized", "expired"},
            "voiding": {"voided", "cancelled"},
        },
    ),
    ("payment", "captures"): ("state", {NEW: {"capturing", "captured"}, "capturing": {"captured"}}),
    ("payment", "refunds"): ("state", {NEW: {"refunding"}, "refunding": {"refunded"}}),
    ("warehouse", "shipments"): (
        "status",
        {NEW: {"planned"}, "planned": {"dispatched", "stopped"}, "dispatched": {"delivered"}},
    ),
    ("order_management", "orders"): ("status", _progress()),
    ("order_management", "reductions"): ("state", _RESULT),
    ("accounting", "invoices"): (
        "status",
        {NEW: {"unaddressed", "finished"}, "unaddressed": {"finished"}, "finished": {"issued"}},
    ),
    ("notification", "messages"): ("status", {NEW: {"pending", "sent"}, "pending": {"sent"}}),
}
"""Service and collection -> the field that holds the state, and which state may follow which; no card fails here."""


def watched(plain: Callable[..., bool], found: Callable[[], list[str]]) -> Callable[..., bool]:
    """Wrap a transaction's `apply` so that what it changes is compared with the drawings."""

    def apply(self: SqliteTransaction, cursor: Any) -> bool:
        done = plain(self, cursor)
        if done:
            service = self._source[1:]
            for (collection, key), (_, body) in self._writes.items():
                drawn = DRAWN.get((service, collection))
                if drawn and body is not None:
                    before = self._seen.get((collection, key))
                    found().extend(_broken(drawn, f"{service} {key}", before and before[2], body))
        return done

    return apply


def _broken(drawn: tuple[str, Drawing], what: str, before: str | None, after: str) -> list[str]:
    field, drawing = drawn
    old = orjson.loads(before).get(field) if before else NEW
    new = orjson.loads(after).get(field)
    if new == old or new in drawing.get(old, set()):
        return []
    return [f"{what}: from {old} to {new}"]
