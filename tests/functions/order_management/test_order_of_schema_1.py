"""Documents of schema 1 are read, shown and go on; what they did not keep is kept when it is told again."""

from typing import Any

import pytest

from functions.order_management.get_order import get_order
from functions.order_management.get_timeline import get_timeline
from functions.order_management.order import Order
from shared.errors import IllegalTransition
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import ask_to_return, authorize, came_back
from tests.functions.order_management.stories import (
    ORDER,
    captured,
    confirmed,
    delivered,
    hear,
    held,
    shipment_id,
    told,
)

MUGS = {"MUG-1": 2}


def fact(type_: str, minute: int, **fields: Any) -> dict[str, Any]:
    bare = {"by": None, "reason": None, "shipment_id": None, "pieces": None, "amount_minor": None}
    return {**bare, "type": type_, "id": f"evt_{minute:03d}", "at": f"2026-11-20T08:{minute:02d}:00.000000Z", **fields}


WRITTEN: dict[str, Any] = {
    "schema_version": 1,
    "order_id": ORDER,
    "facts": [
        fact("order.confirmed", 0),
        fact("shipment.dispatched", 10, shipment_id=shipment_id(1), pieces=MUGS),
        fact("shipment.delivered", 20, shipment_id=shipment_id(1), pieces=MUGS),
    ],
    "status": "partially_dispatched",
    "currency": "USD",
    "total_minor": 11000,
    "customer_id": "cus_ada",
    "lines": [
        {"sku": "MUG-1", "name": "The MUG-1", "quantity": 2},
        {"sku": "CHAIR-1", "name": "The CHAIR-1", "quantity": 1},
    ],
    "fraud": {"decision": "approve", "score": 5, "reasons": [], "model_version": "2026-11"},
    "scored": True,
    "placed_at": "2026-11-20T08:00:00.000000Z",
    "opened_at": "2026-11-20T08:00:00.000000Z",
    "delivered_at": None,
    "review": "none",
    "review_at": None,
    "under_review": None,
}


@pytest.fixture
def old(db: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> SqliteDatabase:
    with monkeypatch.context() as before:
        before.setattr(Order, "current_schema", 1)
        db.transact(lambda tx: tx.put(Order.model_validate(WRITTEN)))
    return db


def test_it_is_read_as_it_was_and_goes_on(old: SqliteDatabase) -> None:
    order = old.get(Order, ORDER)
    assert order is not None
    assert (order.schema_version, order.contact, order.returns) == (2, None, ())
    assert (get_order(ORDER, old).status, get_order(ORDER, old).lines[0].delivered) == ("partially_dispatched", 2)
    assert [each.sentence for each in get_timeline(ORDER, old).items][1:] == [
        "2 The MUG-1 left the warehouse.",
        "2 The MUG-1 arrived.",
    ]


def test_it_can_be_returned_once_its_events_were_told_again(old: SqliteDatabase) -> None:
    with pytest.raises(IllegalTransition, match="have its delivery told again"):
        ask_to_return(old)
    hear(old, told(delivered(1), 20))
    hear(old, told(captured(1), 21))
    return_id = ask_to_return(old).returns[0].return_id
    with pytest.raises(IllegalTransition, match="have its order told again"):
        authorize(old, return_id)
    hear(old, told(confirmed(), 0))
    assert authorize(old, return_id).returns[0].total.amount == "22.00"
    hear(old, told(came_back(old, return_id), 30))
    assert get_order(ORDER, old).returns[0].status == "received"


def test_of_a_held_order_the_buyer_is_known(db: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    hear(db, told(held(), 0))
    order = db.get(Order, ORDER)
    assert order is not None
    with monkeypatch.context() as before:
        before.setattr(Order, "current_schema", 1)
        db.transact(lambda tx: tx.put(order.model_copy(update={"schema_version": 1, "contact": None})))
    read = db.get(Order, ORDER)
    assert read == order
