"""How an order is shown: folded from its facts each time, so that what is shown is what is kept."""

from collections import Counter
from datetime import datetime
from typing import cast

from pydantic import Field

from functions.order_management.life import ShipmentState, live
from functions.order_management.order import Fact, Order, OrderLine, Status
from shared.errors import NotFound
from shared.events.priced_order import FraudDecision
from shared.http.models import Answer
from shared.storage.database import Reader
from shared.values.clock import Timestamp
from shared.values.money import Money


class HistoryEntry(Answer):
    """One thing that happened; `type` is the event's type, `at` its time."""

    type: str
    at: Timestamp
    by: str | None = None
    reason: str | None = None
    shipment_id: str | None = None
    amount: Money | None = None


class LineProgress(Answer):
    """How much of a line left and arrived, in pieces."""

    sku: str
    name: str
    quantity: int
    dispatched: int
    delivered: int


class ShipmentProgress(Answer):
    """Where a shipment is."""

    shipment_id: str
    status: ShipmentState


class Paid(Answer):
    """What was taken from the customer so far."""

    captured: Money


class OrderAnswer(Answer):
    """An order and its life so far; `history` is in causal order."""

    order_id: str
    status: Status
    history: list[HistoryEntry]
    currency: str
    total: Money
    customer_id: str
    lines: list[LineProgress]
    fraud: FraudDecision
    placed_at: Timestamp
    review_overdue_at: Timestamp | None = Field(default=None, description="when a held order is rejected by itself")
    shipments: list[ShipmentProgress]
    payments: Paid


def find(reader: Reader, order_id: str) -> Order:
    """Return an order that is known; NotFound while nothing, or only early facts, were heard of it."""
    order = reader.get(Order, order_id)
    if order is None or order.status is None:
        raise NotFound(f"no order {order_id}")
    return order


def shown(order: Order) -> OrderAnswer:
    """Return the answer for an order that is known."""
    life, currency = live(order), cast(str, order.currency)
    return OrderAnswer(
        order_id=order.order_id,
        status=cast(Status, life.status),
        history=[_entry(fact, currency) for fact in life.history],
        currency=currency,
        total=Money(currency, order.total_minor),
        customer_id=cast(str, order.customer_id),
        lines=_progress(order.lines, life.dispatched, life.delivered),
        fraud=cast(FraudDecision, order.fraud),
        placed_at=cast(datetime, order.placed_at),
        review_overdue_at=order.review_at if order.review in ("silent", "waiting") else None,
        shipments=[ShipmentProgress(shipment_id=key, status=life.shipments[key]) for key in sorted(life.shipments)],
        payments=Paid(captured=Money(currency, life.captured_minor)),
    )


def _entry(fact: Fact, currency: str) -> HistoryEntry:
    return HistoryEntry(
        type=fact.type,
        at=fact.at,
        by=fact.by,
        reason=fact.reason,
        shipment_id=fact.shipment_id,
        amount=None if fact.amount_minor is None else Money(currency, fact.amount_minor),
    )


def _progress(lines: tuple[OrderLine, ...], left: Counter[str], arrived: Counter[str]) -> list[LineProgress]:
    """Give each line its pieces; where two lines share a SKU the first is filled first."""
    left, arrived = left.copy(), arrived.copy()
    shown_lines = []
    for line in lines:
        gone, there = min(line.quantity, left[line.sku]), min(line.quantity, arrived[line.sku])
        left[line.sku] -= gone
        arrived[line.sku] -= there
        shown_lines.append(
            LineProgress(sku=line.sku, name=line.name, quantity=line.quantity, dispatched=gone, delivered=there)
        )
    return shown_lines
