"""Fraud learns from people and banks, never from itself."""

import pytest

from functions.order_management.tell_fraud_outcome import tell_fraud_outcome
from shared.errors import CallFailed
from shared.events.order import OrderApproved, OrderRejected
from shared.events.payment import PaymentChargedBack
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import ORDER, REVIEW, told, two_lines, usd
from tests.receipts import Recorded
from tests.scripted_calls import ScriptedCalls

ROUTE = ("POST", "/fraud/api/outcomes")


def approved(by: str) -> OrderApproved:
    return OrderApproved(order_id=ORDER, order=two_lines(REVIEW), by=by, reason="r")


def rejected(by: str) -> OrderRejected:
    return OrderRejected(order_id=ORDER, by=by, reason="r")


def charged_back(reason: str) -> PaymentChargedBack:
    amounts = {"amount": usd("110.00"), "fee": usd("15.00")}
    return PaymentChargedBack(
        order_id=ORDER, chargeback_id="cbk_1", payment_id="pay_1", gateway="sandbox", reason=reason, **amounts
    )


@pytest.mark.parametrize(
    ("event", "outcome", "source"),
    [
        (approved("grace"), "good", "review"),
        (rejected("grace"), "fraud", "review"),
        (charged_back("Fraudulent"), "fraud", "chargeback"),
    ],
)
def test_what_a_person_or_a_bank_found_is_told(db: SqliteDatabase, event: object, outcome: str, source: str) -> None:
    call, receipt = ScriptedCalls({ROUTE: {"order_id": ORDER}}), Recorded()
    tell_fraud_outcome(event, told(event, 7), db, call, receipt)  # type: ignore[arg-type]
    at = "2026-11-20T08:07:00.000000Z"
    assert call.made == [
        (*ROUTE, {"order_id": ORDER, "outcome": outcome, "source": source, "occurred_at": at}),
    ]
    assert receipt.recorded


@pytest.mark.parametrize("event", [approved("fraud"), rejected("fraud"), rejected("system"), charged_back("late")])
def test_what_no_person_found_says_nothing_about_fraud(db: SqliteDatabase, event: object) -> None:
    call, receipt = ScriptedCalls({}), Recorded()
    tell_fraud_outcome(event, told(event, 7), db, call, receipt)  # type: ignore[arg-type]
    assert (call.made, receipt.recorded) == ([], True)


def test_while_fraud_is_away_the_event_is_not_acknowledged(db: SqliteDatabase) -> None:
    receipt = Recorded()
    with pytest.raises(CallFailed):
        tell_fraud_outcome(
            approved("grace"), told(approved("grace"), 7), db, ScriptedCalls({ROUTE: CallFailed()}), receipt
        )
    assert not receipt.recorded
