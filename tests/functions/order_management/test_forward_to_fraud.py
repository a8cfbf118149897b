"""Fraud hears of every order that will be fulfilled, and the event is acknowledged only then."""

import pytest

from functions.order_management.forward_to_fraud import forward_to_fraud
from shared.errors import CallFailed
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import ORDER, confirmed, told
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

ROUTE = ("POST", "/fraud/api/transactions")
LINES = [
    {"sku": "MUG-1", "quantity": 2, "total": {"currency": "USD", "amount": "22.00"}},
    {"sku": "CHAIR-1", "quantity": 1, "total": {"currency": "USD", "amount": "88.00"}},
]


def test_fraud_is_told_with_the_time_of_the_event(db: SqliteDatabase) -> None:
    call, receipt = ScriptedCalls({ROUTE: {"order_id": ORDER}}), Recorded()
    forward_to_fraud(confirmed(), told(confirmed(), 7), db, call, receipt)
    assert call.made == [
        (
            *ROUTE,
            {
                "order_id": ORDER,
                "email": "ada@example.com",
                "total": {"currency": "USD", "amount": "110.00"},
                "decision": "approve",
                "occurred_at": "2026-11-20T08:07:00.000000Z",
                "lines": LINES,
                "billing_country": "US",
                "shipping_country": "US",
            },
        )
    ]
    assert receipt.recorded


def test_while_fraud_is_away_the_event_is_not_acknowledged(db: SqliteDatabase) -> None:
    receipt = Recorded()
    with pytest.raises(CallFailed):
        forward_to_fraud(confirmed(), told(confirmed(), 7), db, ScriptedCalls({ROUTE: CallFailed()}), receipt)
    assert not receipt.recorded
