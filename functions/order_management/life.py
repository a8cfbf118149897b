"""An order's life: its facts, folded in causal order into a status, a history and what became of each piece.

Pure: the same facts make the same life, in whichever order they were heard.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from functions.order_management.causality import applied
from functions.order_management.order import Fact, Order, ReturnStatus, Status

ShipmentState = Literal["planned", "dispatched", "delivered", "stopped"]
_STATES: dict[str, ShipmentState] = {
    "shipment.planned": "planned",
    "shipment.dispatched": "dispatched",
    "shipment.delivered": "delivered",
    "shipment.stopped": "stopped",
}
_RETURNS: dict[str, ReturnStatus] = {
    "order.return_requested": "requested",
    "order.return_authorized": "authorized",
    "order.return_rejected": "rejected",
    "shipment.returned": "received",
    "shipment.return_lapsed": "lapsed",
    "payment.refund_failed": "refund_failed",
    "payment.refunded": "refunded",
}
_PIECES = {
    "shipment.dispatched": "dispatched",
    "shipment.delivered": "delivered",
    "order.reduced": "reduced",
    "shipment.returned": "returned",
}
_MONEY = {
    "payment.captured": "captured",
    "payment.prepaid": "captured",
    "payment.refunded": "refunded",
    "payment.repaid": "refunded",
    "payment.charged_back": "charged_back",
}


@dataclass
class Life:
    """What the facts of an order amount to so far. Pieces are counted by SKU; amounts are minor units.

    `reduced` are pieces that will not leave though others have left or will.
    """

    status: Status | None = None
    history: list[Fact] = field(default_factory=list)
    shipments: dict[str, ShipmentState] = field(default_factory=dict)
    returns: dict[str, ReturnStatus] = field(default_factory=dict)
    pieces: dict[str, Counter[str]] = field(default_factory=dict)
    money: dict[str, int] = field(default_factory=dict)

    @property
    def dispatched(self) -> Counter[str]:
        """Pieces that left."""
        return self.pieces.get("dispatched", Counter())

    @property
    def delivered(self) -> Counter[str]:
        """Pieces that arrived."""
        return self.pieces.get("delivered", Counter())

    @property
    def reduced(self) -> Counter[str]:
        """Pieces that will not leave."""
        return self.pieces.get("reduced", Counter())

    def waiting(self, order: Order) -> Counter[str]:
        """Return the pieces that have neither left nor been taken out of the order."""
        waiting: Counter[str] = Counter()
        for line in order.lines:
            waiting[line.sku] += line.quantity
        return waiting - self.dispatched - self.reduced


def live(order: Order) -> Life:
    """Fold an order's facts, those that wait left out; status None while the order itself is not known."""
    life = Life()
    for fact in applied(order.facts):
        life.history.append(fact)
        _apply(life, fact)
    life.status = _status({fact.type for fact in life.history}, order, life)
    return life


def _apply(life: Life, fact: Fact) -> None:
    if fact.shipment_id and fact.type in _STATES:
        life.shipments[fact.shipment_id] = _STATES[fact.type]
    if fact.ref and fact.type in _RETURNS:
        life.returns[fact.ref] = _RETURNS[fact.type]
    if fact.type in _PIECES and fact.pieces:
        life.pieces.setdefault(_PIECES[fact.type], Counter()).update(fact.pieces)
    if fact.type in _MONEY and fact.amount_minor:
        kind = _MONEY[fact.type]
        life.money[kind] = life.money.get(kind, 0) + fact.amount_minor


def _status(types: set[str], order: Order, life: Life) -> Status | None:
    if types & {"order.refused", "order.cancelled"}:
        return "cancelled"
    if "order.rejected" in types:
        return "rejected"
    if types & {"order.confirmed", "order.approved"}:
        return _progress(sum(line.quantity for line in order.lines), life)
    if "order.held" in types:
        return "held"
    if "order.backordered" in types:
        return "backordered"
    return "requires_action" if "order.action_required" in types else None


def _progress(ordered: int, life: Life) -> Status:
    """Pieces that were taken out count no more: an order is delivered when all has arrived that ever will."""
    leaving = ordered - life.reduced.total()
    left = life.dispatched.total()
    if not left:
        return "confirmed" if leaving > 0 else "cancelled"
    if life.delivered.total() >= leaving:
        return "delivered"
    return "dispatched" if left >= leaving else "partially_dispatched"
