"""Which fact causes which: facts come in any order of arrival and are kept and applied in causal order.

A fact whose predecessor has not come waits: it is kept, and applied when the predecessor arrives. Only what can't be
true is refused.
"""

from collections.abc import Iterable, Iterator

from functions.order_management.order import Fact
from shared.errors import Undeliverable

RANK = {
    "order.action_required": 10,
    "order.refused": 15,
    "order.backordered": 12,
    "order.confirmed": 20,
    "order.held": 20,
    "payment.prepaid": 22,
    "fraud.scored": 25,
    "order.approved": 30,
    "order.rejected": 30,
    "payment.reauthorized": 35,
    "shipment.planned": 40,
    "shipment.shorted": 45,
    "shipment.dispatched": 50,
    "payment.captured": 55,
    "payment.capture_failed": 55,
    "shipment.scanned": 57,
    "shipment.delivered": 60,
    "shipment.stopped": 70,
    "order.reduced": 75,
    "order.cancelled": 80,
    "payment.expired": 85,
    "payment.owed_back": 87,
    "payment.repaid": 88,
    "payment.voided": 90,
    "payment.charged_back": 95,
    "order.return_requested": 100,
    "order.return_authorized": 110,
    "order.return_rejected": 110,
    "shipment.return_lapsed": 120,
    "shipment.returned": 120,
    "payment.refund_failed": 130,
    "payment.refunded": 135,
    "order.return_refunded": 140,
}
"""Causes before effects; facts of one rank go by their time."""

_PLACED = ("order.confirmed", "order.held")
_FULFILLED = ("order.confirmed", "order.approved")
FOLLOWS: dict[str, tuple[str, ...]] = {
    "order.refused": ("order.action_required",),
    "fraud.scored": ("order.held",),
    "order.approved": ("order.held",),
    "order.rejected": ("order.held",),
    "payment.prepaid": ("order.backordered", *_PLACED),
    "payment.owed_back": ("order.backordered", *_PLACED),
    "payment.repaid": ("payment.owed_back",),
    "payment.reauthorized": _PLACED,
    "shipment.planned": _FULFILLED,
    "shipment.shorted": _FULFILLED,
    "shipment.dispatched": _FULFILLED,
    "shipment.stopped": _FULFILLED,
    "order.reduced": _FULFILLED,
    "order.cancelled": ("order.backordered", *_PLACED),
    "payment.expired": ("order.action_required", *_PLACED),
    "payment.voided": ("order.action_required", *_PLACED),
    "payment.charged_back": ("payment.captured",),
    "order.return_requested": ("shipment.delivered",),
}
"""What a fact of this type waits for: any one of these."""

FOLLOWS_OF_SHIPMENT = {
    "shipment.delivered": "shipment.dispatched",
    "shipment.scanned": "shipment.dispatched",
    "payment.captured": "shipment.dispatched",
    "payment.capture_failed": "shipment.dispatched",
}
"""What a fact of this type waits for, of the same shipment."""

FOLLOWS_OF_RETURN = {
    "order.return_authorized": "order.return_requested",
    "order.return_rejected": "order.return_requested",
    "shipment.returned": "order.return_authorized",
    "shipment.return_lapsed": "order.return_authorized",
    "payment.refunded": "shipment.returned",
    "payment.refund_failed": "shipment.returned",
    "order.return_refunded": "payment.refunded",
}
"""What a fact of this type waits for, of the same return."""

_LEFT = ("shipment.dispatched", "shipment.delivered", "payment.captured")
_EXCLUDE: dict[str, tuple[str, ...]] = {
    "order.confirmed": ("order.held", "order.refused", "order.rejected"),
    "order.held": ("order.confirmed", "order.refused"),
    "order.refused": ("order.confirmed", "order.held", "shipment.planned", *_LEFT),
    "order.rejected": ("order.confirmed", "order.approved", "order.cancelled", "shipment.planned", *_LEFT),
    "order.cancelled": ("order.refused", "order.rejected", *_LEFT),
}
"""An order is confirmed, held or refused, once; a refused, rejected or cancelled one never ships or is charged."""


def _both_ways(table: dict[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    pairs = {(one, other) for one, others in table.items() for other in others}
    pairs |= {(other, one) for one, other in pairs}
    return {one: frozenset(other for first, other in pairs if first == one) for one, _ in pairs}


EXCLUDES = _both_ways(_EXCLUDE)
SHIPMENT_EXCLUDES = _both_ways({"shipment.stopped": ("shipment.dispatched", "shipment.delivered")})
"""A stopped shipment never leaves: warehouse decides that race once."""
RETURN_EXCLUDES = _both_ways(
    {
        "order.return_rejected": ("order.return_authorized", "shipment.returned", "shipment.return_lapsed"),
        "shipment.return_lapsed": ("shipment.returned",),
    }
)
"""A return that was rejected never comes in, nor does one that has lapsed: warehouse decides that race once."""


def keep(facts: tuple[Fact, ...], new: Fact) -> tuple[Fact, ...]:
    """Add a fact, sorted causally; Undeliverable if it contradicts what is kept.

    A fact heard before adds nothing, but what it charged if that was not kept yet (documents of schema 1).
    """
    for at, old in enumerate(facts):
        if old.natural_key == new.natural_key:
            fills = old.charged is None and new.charged is not None
            return (*facts[:at], old.model_copy(update={"charged": new.charged}), *facts[at + 1 :]) if fills else facts
        if _contradict(old, new):
            raise Undeliverable(f"{new.type} contradicts {old.type}, which was heard at {old.at.isoformat()}")
    return tuple(sorted((*facts, new), key=_place))


def _place(fact: Fact) -> tuple[int, object, str, str]:
    return RANK[fact.type], fact.at, fact.shipment_id or "", fact.id


def _contradict(old: Fact, new: Fact) -> bool:
    if old.type in EXCLUDES.get(new.type, ()):
        return True
    if old.type in SHIPMENT_EXCLUDES.get(new.type, ()):
        return old.shipment_id == new.shipment_id
    return old.type in RETURN_EXCLUDES.get(new.type, ()) and old.ref == new.ref


def applied(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Walk the facts, causes first; pass those whose predecessor was passed."""
    seen: set[tuple[str, str | None]] = set()
    for fact in facts:
        if _ready(fact, seen):
            seen |= {(fact.type, None), (fact.type, fact.shipment_id), (fact.type, fact.ref)}
            yield fact


def _ready(fact: Fact, seen: set[tuple[str, str | None]]) -> bool:
    if fact.type in FOLLOWS_OF_SHIPMENT:
        return (FOLLOWS_OF_SHIPMENT[fact.type], fact.shipment_id) in seen
    if fact.type in FOLLOWS_OF_RETURN:
        return (FOLLOWS_OF_RETURN[fact.type], fact.ref) in seen
    causes = FOLLOWS.get(fact.type)
    return causes is None or any((cause, None) in seen for cause in causes)
