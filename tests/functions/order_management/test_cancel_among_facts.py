"""A cancellation between facts that come in any order: the same order in the end, told once."""

from collections import Counter
from collections.abc import Callable
from itertools import permutations, product
from typing import Any

import pytest

from functions.order_management.cancel_order import CancelOrder, cancel_order
from functions.order_management.order import Order
from functions.order_management.order_answer import shown
from shared.events import Envelope
from shared.events.payment import PaymentVoided
from shared.storage.durability import scope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import CHAIR, GRACE, LATER, MUGS, pieces, stops
from tests.functions.order_management.stories import (
    ORDER,
    captured,
    confirmed,
    delivered,
    dispatched,
    hear,
    planned,
    stopped,
    told,
    usd,
)
from tests.scripted_calls import ScriptedCalls

Emitted = Callable[[SqliteDatabase], list[Envelope]]


def voided(amount: str) -> PaymentVoided:
    return PaymentVoided(order_id=ORDER, payment_id="pay_1", amount=usd(amount), gateway="sandbox")


WHOLE = ([planned(1), stopped(1), stopped(2), voided("110.00")], stops(MUGS, CHAIR, total="110.00"), None)
REST = ([dispatched(1), captured(1), delivered(1), stopped(2)], stops(CHAIR, left=(1,), total="88.00"), None)
BY_PIECES = (REST[0], stops(CHAIR, left=(1,), total="88.00"), pieces(CHAIR=1))


@pytest.mark.parametrize(
    ("story", "published", "status"),
    [
        (WHOLE, "order.cancelled", "cancelled"),
        (REST, "order.reduced", "delivered"),
        (BY_PIECES, "order.reduced", "delivered"),
    ],
    ids=["whole", "the rest", "by pieces"],
)
def test_every_order_of_arrival_ends_in_the_same_order(
    db: SqliteDatabase, emitted: Emitted, story: Any, published: str, status: str
) -> None:
    """24 orders of arrival, the cancellation at each of five places among them: an order each, in one database."""
    facts, answer, lines = story
    arrivals = list(permutations(told(event, 10 + minute) for minute, event in enumerate(facts)))
    ends, ids = [], []
    with scope(lambda _: None):
        for number, (arrival, place) in enumerate(product(arrivals, range(5))):
            order_id = f"ord_{number:03d}"
            hear_of(db, order_id, told(confirmed(), 0), *arrival[:place])
            warehouse = ScriptedCalls({("POST", f"/warehouse/orders/{order_id}/stop"): answer})
            cancel_order(order_id, CancelOrder.model_validate(GRACE | {"lines": lines}), db, warehouse, LATER)
            hear_of(db, order_id, *arrival[place:], arrival[0])
            ids.append(order_id)
    for order_id in ids:
        order = db.get(Order, order_id)
        assert order is not None
        ends.append((shown(order.model_copy(update={"order_id": ORDER}), db), order.delivered_at))
    assert ends[0][0].status == status
    assert all(end == ends[0] for end in ends)
    told_of = Counter(event.subject for event in emitted(db) if event.type == published)
    assert told_of == dict.fromkeys(ids, 1)


def hear_of(db: SqliteDatabase, order_id: str, *envelopes: Envelope) -> None:
    for envelope in envelopes:
        hear(db, envelope.model_copy(update={"data": {**envelope.data, "order_id": order_id}}))
