"""Reconciliation compares every service's own totals with the events and names what differs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.accounting.ledger import JournalEntry
from functions.accounting.number_invoices import number_invoices
from functions.accounting.report_control_totals import report_control_totals as accounting_totals
from functions.data_warehouse.reconciliation import Difference, Reconciliation, expected_totals
from functions.data_warehouse.run_report import run_report
from shared.analytics import AnalyticalStore
from shared.errors import CallFailed
from shared.events import Envelope
from shared.manifest import manifest
from shared.settings import Settings
from shared.storage import Database, Transaction
from shared.values.clock import rfc3339
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import tell
from tests.functions.accounting.test_one_order import STORY
from tests.functions.data_warehouse.story import each_store
from tests.functions.data_warehouse.test_inbox import collect
from tests.functions.notification.test_notify import held, rejected
from tests.scripted_calls import ScriptedCalls

Totals = dict[str, int]
REPORTING = {
    name: row.functions["report_control_totals"].path
    for name, row in manifest().services.items()
    if "report_control_totals" in row.functions
}


def simple(event_id: str, kind: str, data: dict[str, Any], subject: str = "x", minutes: int = 0) -> Envelope:
    return Envelope.model_validate(
        {
            "id": event_id,
            "type": kind,
            "source": "/test",
            "subject": subject,
            "time": o.START + timedelta(minutes=minutes),
            "dataschema": "x",
            "data": data,
        }
    )


def ask(service: str, totals: Callable[[], Totals]) -> Callable[[Any], dict[str, Any]]:
    def answer(params: dict[str, Any]) -> dict[str, Any]:
        return {"service": service, "until": params["until"], "totals": totals()}

    return answer


def answering(totals: dict[str, Any]) -> ScriptedCalls:
    """Every service that reports; those not named answer that they hold nothing."""
    script: dict[tuple[str, str], Any] = {}
    for service, path in REPORTING.items():
        given = totals.get(service, {})
        script[("GET", f"/{service}{path}")] = (
            given if isinstance(given, Exception) else ask(service, given if callable(given) else lambda g=given: g)
        )
    return ScriptedCalls(script)


def reconcile(
    db: Database, store: AnalyticalStore, totals: dict[str, Any], now: datetime, lag_s: int = 0
) -> Reconciliation:
    answer = run_report("reconciliation", db, store, answering(totals), Settings(reconciliation_lag_s=lag_s), now)
    assert isinstance(answer, Reconciliation)
    return answer


@each_store
def test_every_total_is_expected_from_its_events(store: AnalyticalStore) -> None:
    some, none = {"currency": "USD", "amount": "24.05"}, {"currency": "USD", "amount": "0.00"}
    posting, other = {"account": "a", "debit": some, "credit": none}, {"account": "b", "debit": none, "credit": some}
    store.load(
        [
            *STORY,
            o.told(held(), "evt_20"),
            o.told(rejected(), "evt_21"),
            o.told(o.approved(), "evt_22"),
            simple("evt_23", "order.refused", {"order_id": "ord_2"}),
            simple("evt_24", "customer.registered", {"customer_id": "cus_1"}),
            simple("evt_25", "payment.authorized", {"amount": {"currency": "JPY", "amount": "1200"}}),
            simple("evt_26", "payment.voided", {"amount": {"currency": "KWD", "amount": "0.125"}}),
            simple("evt_27", "shipment.planned", {}),
            simple("evt_28", "journal.posted", {"postings": [posting, other]}),
            simple("evt_29", "invoice.issued", {"total": {"currency": "USD", "amount": "24.05"}}),
            simple("evt_30", "notification.sent", {}),
        ]
    )

    assert expected_totals(store, o.START + timedelta(hours=1)) == {
        "checkout": {"orders.count": 2, "orders.total.USD": 121504, "refused.count": 1},
        "crm": {"customers.count": 1},
        "inventory": {"movements.MUG-1": 8},
        "furniture": {"movements.FURN-001": 1},
        "payment": {
            "authorized.JPY": 1200,
            "captured.count": 2,
            "captured.USD": 60752,
            "voided.KWD": 125,
        },
        "fraud": {"transactions.count": 2, "transactions.total.USD": 121504},
        "order_management": {
            "orders.count": 2,
            "orders.total.USD": 121504,
            "approved.count": 1,
            "rejected.count": 1,
        },
        "warehouse": {
            "planned.count": 1,
            "dispatched.count": 2,
            "dispatched.total.USD": 60752,
            "delivered.count": 2,
        },
        "accounting": {
            "entries.count": 1,
            "debit.USD": 2405,
            "credit.USD": 2405,
            "invoices_issued.count": 1,
            "invoices_issued.total.USD": 2405,
        },
        "notification": {"sent.count": 1},
    }


@each_store
@pytest.mark.parametrize(("minutes", "count"), [(1, 0), (8, 0), (9, 1)])
def test_an_order_is_delivered_when_all_its_pieces_are(store: AnalyticalStore, minutes: int, count: int) -> None:
    store.load(STORY)

    found = expected_totals(store, o.START + timedelta(minutes=minutes))
    assert found["order_management"].get("delivered.count", 0) == count


def test_books_that_agree_are_balanced_and_a_planted_drift_appears_by_name(
    database_of: Callable[[str], Database],
    emitted: Callable[[Database], list[Envelope]],
    db: Database,
    store: AnalyticalStore,
    now: datetime,
) -> None:
    books = database_of("accounting")
    for envelope in STORY:
        tell(books, envelope, now)
    number_invoices(books, now)
    collect(db, *emitted(books))
    totals = {"accounting": lambda: accounting_totals(books, now).totals}

    clean = reconcile(db, store, totals, now)
    assert (clean.balanced, clean.differences, clean.until) == (True, [], now)
    assert clean.checked == 7

    def plant(tx: Transaction) -> None:
        entry = tx.get(JournalEntry, "evt_04.invoice.USD")
        assert entry is not None
        tx.delete(entry)

    books.transact(plant)
    drifted = reconcile(db, store, totals, now)
    assert not drifted.balanced
    assert drifted.differences == [
        Difference(service="accounting", total="credit.USD", events=267050, documents=264645),
        Difference(service="accounting", total="debit.USD", events=267050, documents=264645),
        Difference(service="accounting", total="entries.count", events=12, documents=11),
        Difference(service="accounting", total="totals_unexplained", events=0, documents=4810),
    ]


def test_zero_and_missing_are_the_same(db: Database, store: AnalyticalStore, now: datetime) -> None:
    answer = reconcile(db, store, {"crm": {"customers.count": 0}, "warehouse": {"planned.count": 0}}, now)
    assert (answer.balanced, answer.checked) == (True, 2)


def test_a_service_that_does_not_answer_is_a_difference_by_name(
    db: Database, store: AnalyticalStore, now: datetime
) -> None:
    answer = reconcile(db, store, {"fraud": CallFailed("time-out")}, now)

    assert not answer.balanced
    assert answer.differences == [Difference(service="fraud", total="unreachable", events=None, documents=None)]


def test_what_only_a_service_or_only_the_events_know_is_a_difference(
    db: Database, store: AnalyticalStore, now: datetime
) -> None:
    collect(db, simple("evt_1", "customer.registered", {}))
    answer = reconcile(db, store, {"inventory": {"stock_unexplained": 5}}, now)

    assert answer.differences == [
        Difference(service="crm", total="customers.count", events=1, documents=0),
        Difference(service="inventory", total="stock_unexplained", events=0, documents=5),
    ]


def test_every_service_is_asked_up_to_the_same_moment(db: Database, store: AnalyticalStore, now: datetime) -> None:
    collect(db, simple("evt_1", "customer.registered", {}, minutes=-20), simple("evt_2", "customer.registered", {}))
    calls = answering({"crm": {"customers.count": 1}})
    answer = run_report("reconciliation", db, store, calls, Settings(reconciliation_lag_s=900), now)

    assert isinstance(answer, Reconciliation)
    assert answer.balanced
    assert answer.until == now - timedelta(minutes=15)
    assert {params["until"] for _, _, params in calls.made} == {rfc3339(answer.until)}
    assert sorted(path for _, path, _ in calls.made) == [
        "/accounting/control-totals",
        "/checkout/control-totals",
        "/crm/control-totals",
        "/fraud/api/control-totals",
        "/furniture/control-totals",
        "/inventory/control-totals",
        "/notification/control-totals",
        "/order_management/control-totals",
        "/payment/control-totals",
        "/warehouse/control-totals",
    ]


def test_differences_are_lines_of_csv(now: datetime) -> None:
    found = [
        Difference(service="payment", total="captured.USD", events=5751, documents=None),
        Difference(service="checkout", total="orders.count", events=2, documents=1),
    ]
    header = "service,total,events,documents\r\n"

    agreed = Reconciliation(balanced=True, differences=[], until=now, checked=3)
    assert agreed.to_csv() == header
    assert agreed.model_copy(update={"differences": found}).to_csv() == (
        header + "payment,captured.USD,5751,\r\ncheckout,orders.count,2,1\r\n"
    )
