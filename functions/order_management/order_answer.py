"""How an order is shown: folded from its facts each time, so that what is shown is what is kept."""

from collections import Counter
from datetime import datetime
from typing import cast

from pydantic import Field

from functions.order_management.life import Life, ShipmentState, live
from functions.order_management.order import Fact, Order, Status
from functions.order_management.return_answer import ReturnAnswer, shown_return
from functions.order_management.returns import returns_of
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
    """How much of a line left, arrived, will never leave and came back, in pieces."""

    sku: str
    name: str
    quantity: int
    dispatched: int
    delivered: int
    cancelled: int = 0
    returned: int = 0


class ShipmentProgress(Answer):
    """Where a shipment is."""

    shipment_id: str
    status: ShipmentState


class Paid(Answer):
    """What was taken from the customer so far, given back, and taken back by the customer's bank."""

    captured: Money
    refunded: Money
    charged_back: Money


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
    returns: list[ReturnAnswer] = []
    cancelling: bool = Field(default=False, description="warehouse was asked to stop it and has not answered yet")


def find(reader: Reader, order_id: str) -> Order:
    """Return an order that is known; NotFound while nothing, or only early facts, were heard of it."""
    order = reader.get(Order, order_id)
    if order is None or order.status is None:
        raise NotFound(f"no order {order_id}")
    return order


def shown(order: Order, reader: Reader) -> OrderAnswer:
    """Return the answer for an order that is known; its returns are read."""
    life, currency = live(order), cast(str, order.currency)
    money = {kind: Money(currency, life.money.get(kind, 0)) for kind in Paid.model_fields}
    return OrderAnswer(
        order_id=order.order_id,
        status=cast(Status, life.status),
        history=[_entry(fact, currency) for fact in life.history],
        currency=currency,
        total=Money(currency, order.total_minor),
        customer_id=cast(str, order.customer_id),
        lines=_progress(order, life),
        fraud=cast(FraudDecision, order.fraud),
        placed_at=cast(datetime, order.placed_at),
        review_overdue_at=order.review_at if order.review in ("silent", "waiting") else None,
        shipments=[ShipmentProgress(shipment_id=key, status=life.shipments[key]) for key in sorted(life.shipments)],
        payments=Paid(**money),
        returns=[shown_return(each) for each in returns_of(reader, order)],
        cancelling=order.cancelling is not None,
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


def _progress(order: Order, life: Life) -> list[LineProgress]:
    """Give each line its pieces; where two lines share a SKU the first is filled first."""
    counted = {kind: life.pieces.get(kind, Counter()).copy() for kind in ("dispatched", "delivered", "returned")}
    counted["cancelled"] = life.reduced.copy()
    if life.status == "cancelled":
        counted["cancelled"] = Counter({line.sku: line.quantity * len(order.lines) for line in order.lines})
    lines = []
    for line in order.lines:
        here = {kind: min(line.quantity, pieces[line.sku]) for kind, pieces in counted.items()}
        for kind, count in here.items():
            counted[kind][line.sku] -= count
        lines.append(LineProgress(sku=line.sku, name=line.name, quantity=line.quantity, **here))
    return lines
