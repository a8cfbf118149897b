"""Reports: rows worked out by hand, as JSON and as CSV; and every file is a report that runs."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from functions.data_warehouse.list_reports import list_reports
from functions.data_warehouse.report import reports
from functions.data_warehouse.run_report import run_report
from functions.data_warehouse.table import Table, plain_rows
from shared import events
from shared.analytics import AnalyticalStore
from shared.errors import NotFound
from shared.events import Envelope
from shared.settings import Settings
from shared.storage import Database
from tests.functions.accounting import one_order as o
from tests.functions.data_warehouse.story import each_store
from tests.functions.data_warehouse.test_inbox import collect
from tests.scripted_calls import ScriptedCalls

SAMPLES = Path(events.__file__).parent / "samples"


def run(name: str, db: Database, store: AnalyticalStore, now: datetime) -> Table:
    answer = run_report(name, db, store, ScriptedCalls({}), Settings(), now)
    assert isinstance(answer, Table)
    return answer


def order(event_id: str, at: str, currency: str, total: str, others: str = "0", kind: str = "confirmed") -> Envelope:
    def money(amount: str) -> dict[str, str]:
        return {"currency": currency, "amount": amount}

    data = {
        "order_id": f"ord_{event_id}",
        "order": {
            "currency": currency,
            "total": money(total),
            "tax": money(others),
            "shipping": money(others),
            "discount": money(others),
        },
    }
    return Envelope.model_validate(
        {
            "id": event_id,
            "type": f"order.{kind}",
            "source": "/checkout",
            "subject": event_id,
            "time": at,
            "dataschema": "x",
            "data": data,
        }
    )


@each_store
def test_daily_sales_by_day_and_currency(db: Database, store: AnalyticalStore) -> None:
    collect(
        db,
        o.told(o.confirmed(), "evt_1"),
        order("evt_2", "2026-11-20T23:59:59Z", "USD", "10.03", "0.50"),
        order("evt_3", "2026-11-20T12:00:00Z", "JPY", "1200", "0"),
        order("evt_4", "2026-11-20T12:00:00Z", "KWD", "0.125", "0.001"),
        order("evt_5", "2026-11-21T00:00:00Z", "USD", "99.00", kind="approved", others="1.00"),
        order("evt_6", "2026-11-21T00:00:00Z", "USD", "55.00", kind="held", others="1.00"),
        order("evt_7", "2026-11-22T00:00:01Z", "USD", "77.00", others="1.00"),
    )
    answer = run("daily_sales", db, store, datetime.fromisoformat("2026-11-22T00:00:00Z"))

    assert answer.columns == ["day", "currency", "orders", "gross", "tax", "shipping", "discount"]
    assert answer.rows == [
        ["2026-11-20", "JPY", 1, "1200", "0", "0", "0"],
        ["2026-11-20", "KWD", 1, "0.125", "0.001", "0.001", "0.001"],
        ["2026-11-20", "USD", 2, "617.55", "41.56", "65.49", "16.01"],
        ["2026-11-21", "USD", 1, "99.00", "1.00", "1.00", "1.00"],
    ]
    assert answer.to_csv() == (
        "day,currency,orders,gross,tax,shipping,discount\r\n"
        "2026-11-20,JPY,1,1200,0,0,0\r\n"
        "2026-11-20,KWD,1,0.125,0.001,0.001,0.001\r\n"
        "2026-11-20,USD,2,617.55,41.56,65.49,16.01\r\n"
        "2026-11-21,USD,1,99.00,1.00,1.00,1.00\r\n"
    )


@pytest.mark.parametrize("name", sorted(reports()))
def test_every_report_runs_and_gives_the_columns_it_names(db: Database, store: AnalyticalStore, name: str) -> None:
    empty = run(name, db, store, o.START)
    assert empty.rows == []
    assert empty.columns == list(reports()[name].columns)

    collect(db, *(Envelope.model_validate_json(path.read_bytes()) for path in SAMPLES.glob("*.json")))
    assert run(name, db, store, o.START + timedelta(days=100)).rows


@each_store
def test_the_store_gives_the_columns_that_each_report_names(store: AnalyticalStore) -> None:
    store.load([Envelope.model_validate_json(path.read_bytes()) for path in SAMPLES.glob("*.json")])
    for report in reports().values():
        (row, *_) = store.query(report.sql, {"until": o.START + timedelta(days=100)})
        assert tuple(row) == report.columns


def test_the_list_names_every_report_and_reconciliation() -> None:
    listed = {each.name: each.title for each in list_reports().items}
    assert listed == {
        "cohort_repeat_rate": "Cohort repeat rate",
        "control_totals": "Control totals",
        "daily_sales": "Daily sales",
        "fraud_outcomes": "Fraud outcomes",
        "gross_margin": "Gross margin",
        "order_lead_time": "Order lead time",
        "reconciliation": "Reconciliation",
        "revenue_by_category": "Revenue by category and channel",
        "stock_turns": "Stock turns",
    }


def test_an_unknown_report_is_not_found(db: Database, store: AnalyticalStore, now: datetime) -> None:
    with pytest.raises(NotFound):
        run("../secrets", db, store, now)


def test_cells_are_plain() -> None:
    rows = [
        {"a": Decimal("1.500"), "b": date(2026, 1, 2), "c": datetime.fromisoformat("2026-01-02T03:04:05Z"), "d": None},
        {"a": Decimal("1E+2"), "b": None, "c": None, "d": "x"},
    ]
    assert plain_rows(rows, ["a", "b", "c", "d"]) == [
        ["1.5", "2026-01-02", "2026-01-02T03:04:05.000000Z", None],
        ["100", None, None, "x"],
    ]
    table = Table(name="n", title="t", until=o.START, columns=["a", "b"], rows=[['say "hi"', None], ["1,5", "x"]])
    assert table.to_csv() == 'a,b\r\n"say ""hi""",\r\n"1,5",x\r\n'
