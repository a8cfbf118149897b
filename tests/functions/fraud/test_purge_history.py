"""Forgetting: what fraud keeps has an end, but for what the control totals rest on."""

from datetime import datetime, timedelta

from functions.fraud.history import History
from functions.fraud.purge_history import MOST, Purged, PurgeHistory, purge_history
from functions.fraud.record_outcome import RecordOutcome, record_outcome
from functions.fraud.record_transaction import RecordTransaction, record_transaction
from functions.fraud.report_control_totals import report_control_totals
from functions.fraud.score_order import score_order
from functions.fraud.transaction import customer_partition
from tests.functions.fraud.conftest import order

TRANSACTION = {
    "order_id": "ord_1",
    "email": "customer1@example.com",
    "total": {"currency": "USD", "amount": "50.00"},
    "decision": "approve",
    "lines": [{"sku": "MUG-1", "quantity": 1, "total": {"currency": "USD", "amount": "50.00"}}],
    "billing_country": "US",
    "shipping_country": "CA",
}
OUTCOME = {"order_id": "ord_1", "outcome": "fraud", "source": "chargeback"}


def remembered(history: History, now: datetime) -> None:
    """An order that was scored, confirmed and charged back."""
    score_order(order(1), history, now)
    record_transaction(RecordTransaction.model_validate({**TRANSACTION, "occurred_at": now}), history)
    record_outcome(RecordOutcome.model_validate({**OUTCOME, "occurred_at": now}), history)


def purged(history: History, now: datetime) -> int:
    return purge_history(PurgeHistory(), history, now).rows


def kept(history: History) -> list[str]:
    places = [("order.ord_1", key) for key in ("decision", "transaction", "outcome.chargeback")]
    places.append((customer_partition("customer1@example.com"), "ord_1"))
    return [f"{partition.split('.')[0]} {key}" for partition, key in places if history.get(partition, key)]


def test_each_thing_is_kept_as_long_as_it_is_of_use(history: History, now: datetime) -> None:
    remembered(history, now)
    second = timedelta(seconds=1)
    assert purged(history, now + timedelta(days=2)) == 0
    assert purged(history, now + timedelta(days=2) + second) == 4, "attempts by e-mail, card, address and IP"
    assert purged(history, now + timedelta(days=400)) == 0
    assert purged(history, now + timedelta(days=400) + second) == 2
    assert kept(history) == ["order transaction", "customer ord_1"]
    assert purged(history, now + timedelta(days=1095) + second) == 1
    assert kept(history) == ["order transaction"]


def test_control_totals_outlive_every_purge(history: History, now: datetime) -> None:
    remembered(history, now)
    before = report_control_totals(history, now).totals
    purged(history, now + timedelta(days=5000))
    assert (
        report_control_totals(history, now).totals
        == before
        == {"transactions.count": 1, "transactions.total.USD": 5000}
    )


def test_a_transaction_keeps_what_was_sold_and_whereto(history: History, now: datetime) -> None:
    remembered(history, now)
    assert history.get("order.ord_1", "transaction").values == {
        name: TRANSACTION[name] for name in ("decision", "lines", "billing_country", "shipping_country")
    }


def test_a_purge_says_whether_there_is_more(history: History, now: datetime) -> None:
    for number in range(MOST // 4 + 1):
        score_order(order(number), history, now)
    later = now + timedelta(days=3)
    assert purge_history(PurgeHistory(), history, later) == Purged(rows=MOST, more=True)
    assert purge_history(PurgeHistory(), history, later) == Purged(rows=4, more=False)
