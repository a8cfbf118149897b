"""A short pick: pieces that were not where they should lie, and what becomes of them.

The owner of the goods is asked, under the pick's own id, to find them elsewhere. Found pieces leave as a new shipment
of the order; the rest are dropped, uncharged, or wait in a shipment of their own. Shipping is charged with whatever of
a shipment leaves last.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from functions.warehouse.parcels import Fulfilment
from functions.warehouse.reduction import refill, take
from functions.warehouse.shipment import OrderPlan, Shipment, planned_event, shipment_id_of, stop
from shared.events.shipment import ShipmentLine, ShipmentShorted, ShortLine
from shared.http.models import View
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.money import Money, total

ASK_AGAIN = timedelta(minutes=15)
"""How often a back-order asks whether stock has come."""

IfUnavailable = Literal["drop", "backorder"]


class Short(Document):
    """Missing pieces of one SKU. `holder` is the shipment they are in while nothing is decided or they are awaited.

    `moved` counts by location what was found so far. `shorted_at` is the time of `shipment.shorted`, if it came to it.
    """

    collection: ClassVar[str] = "shorts"
    key_field: ClassVar[str] = "short_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("state", "ask_at"), Index("shorted_at"))

    short_id: str
    order_id: str
    shipment_id: str
    holder: str
    fulfilment: Fulfilment
    location: str
    sku: str
    quantity: int
    if_unavailable: IfUnavailable
    by: str
    state: Literal["asking", "backordered", "settled"] = "asking"
    ask_at: Timestamp
    moved: dict[str, int] = {}
    shorted_at: Timestamp | None = None


class Found(View):
    """Pieces that are now held for the order at another location."""

    location: str
    quantity: int


class Reallocation(View):
    """What the owner of the goods says: everything found so far, and how many are not."""

    moved: tuple[Found, ...]
    short: int


def settle(tx: Transaction, short_id: str, found: Reallocation, now: datetime) -> None:
    """Apply the owner's answer once; whoever comes second with the same question changes nothing."""
    short = tx.get(Short, short_id)
    if short is None or short.state != "asking":
        return
    plan, holder = tx.get(OrderPlan, short.order_id), tx.get(Shipment, short.holder)
    assert plan is not None  # nothing is picked that was not planned, and neither document is ever deleted
    assert holder is not None
    holder.asking -= 1
    for place in found.moved:
        fresh = min(place.quantity - short.moved.get(place.location, 0), _count(holder, short.sku))
        if fresh > 0 and holder.status == "planned":
            _move(tx, plan, holder, short, fresh, place.location, now)
    short.moved = {place.location: place.quantity for place in found.moved}
    missing = min(short.quantity - sum(short.moved.values()), _count(holder, short.sku))
    short.state = "settled"
    if holder.status == "planned" and missing > 0:
        _without(tx, plan, holder, short, missing, now)
    tx.put(short)
    tx.put(holder)


def _without(tx: Transaction, plan: OrderPlan, holder: Shipment, short: Short, missing: int, now: datetime) -> None:
    """Decide what becomes of pieces that are nowhere."""
    if short.if_unavailable == "backorder":
        lines = _wait(tx, plan, holder, short, missing, now)
        shipping = Money.zero(holder.currency), Money.zero(holder.currency)
    else:
        lines, shipping = _drop(tx, holder, short, missing, now)
    if short.shorted_at is None:
        short.shorted_at = now
        tx.emit(_shorted(short, lines, shipping), now)


def _move(
    tx: Transaction, plan: OrderPlan, holder: Shipment, short: Short, quantity: int, location: str, now: datetime
) -> Shipment:
    """Give pieces a planned shipment of their own, the next of the order; the last ones take the shipping along."""
    last = _count(holder) == quantity
    lines = take(holder, {short.sku: quantity})
    nothing = Money.zero(holder.currency)
    number = len(plan.shipment_ids) + 1
    moved = holder.model_copy(
        update={
            "shipment_id": shipment_id_of(plan.order_id, number),
            "number": number,
            "location": location,
            "shipping_net": holder.shipping_net if last else nothing,
            "shipping_tax": holder.shipping_tax if last else nothing,
            "booking": None,
            "carrier": None,
            "tracking_number": None,
            "label_url": None,
            "picked": None,
            "picked_by": None,
            "picked_at": None,
            "asking": 0,
            "awaiting": 0,
            "planned_at": now,
        }
    )
    refill(moved, lines)
    plan.shipment_ids = (*plan.shipment_ids, moved.shipment_id)
    tx.put(plan)
    tx.create(moved)
    tx.emit(planned_event(moved), now)
    if last:
        stop(tx, holder, "its pieces leave from elsewhere", now)
    return moved


def _wait(
    tx: Transaction, plan: OrderPlan, holder: Shipment, short: Short, missing: int, now: datetime
) -> tuple[ShipmentLine, ...]:
    """Keep the pieces in a shipment that holds nothing else, and ask for them again."""
    waiting = holder
    if _count(holder) > missing:
        waiting = _move(tx, plan, holder, short, missing, holder.location, now)
    waiting.awaiting = missing
    tx.put(waiting)
    short.holder, short.state, short.ask_at = waiting.shipment_id, "backordered", now + ASK_AGAIN
    return waiting.lines


def _drop(
    tx: Transaction, holder: Shipment, short: Short, missing: int, now: datetime
) -> tuple[tuple[ShipmentLine, ...], tuple[Money, Money]]:
    last = _count(holder) == missing
    lines = tuple(take(holder, {short.sku: missing}))
    if not last:
        return lines, (Money.zero(holder.currency), Money.zero(holder.currency))
    stop(tx, holder, "its pieces were not found", now)
    return lines, (holder.shipping_net, holder.shipping_tax)


def _count(shipment: Shipment, sku: str | None = None) -> int:
    return sum(line.quantity for line in shipment.lines if sku in (None, line.sku))


def _shorted(short: Short, lines: tuple[ShipmentLine, ...], shipping: tuple[Money, Money]) -> ShipmentShorted:
    parts = tuple(ShortLine.model_validate(line, from_attributes=True) for line in lines)
    goods = total([amount for line in lines for amount in (line.net, line.tax)], shipping[0].currency)
    return ShipmentShorted(
        order_id=short.order_id,
        shipment_id=short.shipment_id,
        short_id=short.short_id,
        fulfilment=short.fulfilment,
        location=short.location,
        resolution="dropped" if short.if_unavailable == "drop" else "backordered",
        lines=parts,
        shipping_net=shipping[0],
        shipping_tax=shipping[1],
        total=goods + shipping[0] + shipping[1],
    )
