"""An order's life: facts in any order of arrival, folded in causal order into a status and a history.

A fact whose predecessor has not come waits: it is kept, and shows when the predecessor arrives. The order of arrival
changes nothing about the outcome.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from functions.order_management.order import Fact, Order, Status
from shared.errors import Undeliverable

RANK = {
    "order.action_required": 10,
    "order.refused": 15,
    "order.confirmed": 20,
    "order.held": 20,
    "fraud.scored": 25,
    "order.approved": 30,
    "order.rejected": 30,
    "shipment.planned": 40,
    "shipment.dispatched": 50,
    "payment.captured": 55,
    "payment.capture_failed": 55,
    "shipment.delivered": 60,
    "shipment.stopped": 70,
    "order.cancelled": 80,
    "payment.voided": 90,
}
"""Causes before effects; facts of one rank go by their time."""

FOLLOWS: dict[str, tuple[str, ...]] = {
    "order.refused": ("order.action_required",),
    "fraud.scored": ("order.held",),
    "order.approved": ("order.held",),
    "order.rejected": ("order.held",),
    "shipment.planned": ("order.confirmed", "order.approved"),
    "shipment.dispatched": ("order.confirmed", "order.approved"),
    "shipment.stopped": ("order.confirmed", "order.approved"),
    "order.cancelled": ("order.confirmed", "order.held"),
    "payment.voided": ("order.action_required", "order.confirmed", "order.held"),
}
"""What a fact of this type waits for: any one of these."""

FOLLOWS_OF_SHIPMENT = {
    "shipment.delivered": "shipment.dispatched",
    "payment.captured": "shipment.dispatched",
    "payment.capture_failed": "shipment.dispatched",
}
"""What a fact of this type waits for, of the same shipment."""

_LEFT = ("shipment.dispatched", "shipment.delivered", "payment.captured")
_EXCLUDE: dict[str, tuple[str, ...]] = {
    "order.confirmed": ("order.held", "order.refused", "order.rejected"),
    "order.held": ("order.confirmed", "order.refused"),
    "order.refused": ("order.confirmed", "order.held", "shipment.planned", *_LEFT),
    "order.rejected": ("order.confirmed", "order.approved", "shipment.planned", *_LEFT),
}
"""An order is confirmed, held or refused, once; a refused or rejected one never ships or is charged."""


def _both_ways(table: dict[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    pairs = {(one, other) for one, others in table.items() for other in others}
    pairs |= {(other, one) for one, other in pairs}
    return {one: frozenset(other for first, other in pairs if first == one) for one, _ in pairs}


EXCLUDES = _both_ways(_EXCLUDE)
SHIPMENT_EXCLUDES = _both_ways({"shipment.stopped": ("shipment.dispatched", "shipment.delivered")})
"""A stopped shipment never leaves: warehouse decides that race once."""

ShipmentState = Literal["planned", "dispatched", "delivered", "stopped"]
_STATES: dict[str, ShipmentState] = {
    "shipment.planned": "planned",
    "shipment.dispatched": "dispatched",
    "shipment.delivered": "delivered",
    "shipment.stopped": "stopped",
}


@dataclass
class Life:
    """What the facts of an order amount to so far. Pieces are counted by SKU; amounts are minor units."""

    status: Status | None = None
    history: list[Fact] = field(default_factory=list)
    shipments: dict[str, ShipmentState] = field(default_factory=dict)
    dispatched: Counter[str] = field(default_factory=Counter)
    delivered: Counter[str] = field(default_factory=Counter)
    captured_minor: int = 0


def keep(facts: tuple[Fact, ...], new: Fact) -> tuple[Fact, ...]:
    """Add a fact, sorted causally; a fact heard before adds nothing. Undeliverable if it contradicts what is kept."""
    for old in facts:
        if old.natural_key == new.natural_key:
            return facts
        if _contradict(old, new):
            raise Undeliverable(f"{new.type} contradicts {old.type}, which was heard at {old.at.isoformat()}")
    return tuple(sorted((*facts, new), key=lambda fact: (RANK[fact.type], fact.at, fact.shipment_id or "", fact.id)))


def _contradict(old: Fact, new: Fact) -> bool:
    if old.type in EXCLUDES.get(new.type, ()):
        return True
    return old.shipment_id == new.shipment_id and old.type in SHIPMENT_EXCLUDES.get(new.type, ())


def live(order: Order) -> Life:
    """Fold an order's facts, those that wait left out; status None while the order itself is not known."""
    life = Life()
    for fact in _applied(order.facts):
        life.history.append(fact)
        _apply(life, fact)
    life.status = _status({fact.type for fact in life.history}, order, life)
    return life


def _applied(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Walk the facts, causes first; pass those whose predecessor was passed."""
    seen: set[tuple[str, str | None]] = set()
    for fact in facts:
        awaited = [(type_, None) for type_ in FOLLOWS.get(fact.type, ())]
        if fact.type in FOLLOWS_OF_SHIPMENT:
            awaited = [(FOLLOWS_OF_SHIPMENT[fact.type], fact.shipment_id)]  # type: ignore[list-item]
        if not awaited or any(each in seen for each in awaited):
            seen |= {(fact.type, None), (fact.type, fact.shipment_id)}
            yield fact


def _apply(life: Life, fact: Fact) -> None:
    if fact.shipment_id and fact.type in _STATES:
        life.shipments[fact.shipment_id] = _STATES[fact.type]
    if fact.type == "shipment.dispatched":
        life.dispatched.update(fact.pieces or {})
    elif fact.type == "shipment.delivered":
        life.delivered.update(fact.pieces or {})
    elif fact.type == "payment.captured":
        life.captured_minor += fact.amount_minor or 0


def _status(types: set[str], order: Order, life: Life) -> Status | None:
    if types & {"order.refused", "order.cancelled"}:
        return "cancelled"
    if "order.rejected" in types:
        return "rejected"
    if types & {"order.confirmed", "order.approved"}:
        return _progress(sum(line.quantity for line in order.lines), life)
    if "order.held" in types:
        return "held"
    return "requires_action" if "order.action_required" in types else None


def _progress(ordered: int, life: Life) -> Status:
    if life.delivered.total() >= ordered:
        return "delivered"
    if life.dispatched.total() >= ordered:
        return "dispatched"
    return "partially_dispatched" if life.dispatched.total() else "confirmed"
