"""BigQuery's adapter beyond the contract: what a load does when tables change, others load, or it is cut off."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest
from google.api_core.retry import Retry

from shared import events
from shared.analytics import AnalyticalStore, bigquery, bigquery_schema
from shared.analytics.bigquery import BigQueryStore
from shared.analytics.bigquery_schema import SchemaConflict
from shared.analytics.duckdb import DuckDbStore
from shared.analytics.schema import Column, tables
from shared.errors import Unavailable
from shared.events import Envelope
from shared.settings import Settings, read_settings
from tests.contracts.analytical_store import COUNT, event

SAMPLES = [
    Envelope.model_validate_json(path.read_bytes())
    for path in sorted((Path(events.__file__).parent / "samples").glob("*.json"))
]
TABLE = "payment_voided"


def voided(event_id: str, **data: Any) -> Envelope:
    return event(event_id, type="payment.voided", data={"order_id": "ord_1", **data})


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`declared(*columns)`: from now on these are the columns of `payment_voided`."""

    def declare(*columns: Column) -> None:
        monkeypatch.setattr(bigquery_schema, "tables", lambda: tables() | {TABLE: columns})

    return declare


PART = Column("part", "STRUCT", fields=(Column("a", "STRING"), Column("c", "STRING")))
WIDER = Column("part", "STRUCT", fields=(Column("a", "STRING"), Column("b", "STRING"), Column("c", "STRING")))


def test_every_event_has_the_same_typed_row_as_on_a_laptop(
    open_bigquery: Callable[[], BigQueryStore], tmp_path: Path
) -> None:
    store, laptop = open_bigquery(), DuckDbStore(tmp_path / "analytics.duckdb")
    assert store.load(SAMPLES) == laptop.load(SAMPLES) == len(SAMPLES)

    for name in tables():
        sql = f"SELECT * FROM {name} ORDER BY event_id"
        assert [plain(row) for row in store.query(sql)] == [plain(row) for row in laptop.query(sql)], name
    laptop.close()


def plain(value: Any) -> Any:
    """Without what only one of the stores has: empty lists for nulls, and places of a decimal that say nothing."""
    if isinstance(value, dict):
        return {name: plain(held) for name, held in value.items()}
    if isinstance(value, list):
        return [plain(held) for held in value] or None
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def test_a_new_optional_field_adds_a_column_and_old_rows_have_none_in_it(
    open_bigquery: Callable[[], BigQueryStore], declared: Callable[..., None]
) -> None:
    declared(Column("order_id", "STRING"))
    open_bigquery().load([voided("evt_1", reason="late")])
    declared(Column("reason", "STRING"), Column("order_id", "STRING"), Column("words", "STRING", repeated=True))
    store = open_bigquery()
    store.load([voided("evt_2", reason="stock", words=["a", "b"])])

    assert store.query(f"SELECT event_id, order_id, reason, words FROM {TABLE} ORDER BY event_id") == [
        {"event_id": "evt_1", "order_id": "ord_1", "reason": None, "words": []},
        {"event_id": "evt_2", "order_id": "ord_1", "reason": "stock", "words": ["a", "b"]},
    ]


def test_a_new_field_within_another_goes_behind_those_that_are_there_and_values_find_their_own() -> None:
    there = bigquery_schema.fields([Column("order_id", "STRING"), PART])
    wanted = bigquery_schema.fields([WIDER, Column("order_id", "STRING")])
    (order_id, part) = bigquery_schema.widened("t", {"schema": {"fields": there}}, {"schema": {"fields": wanted}})

    assert order_id["name"] == "order_id"
    assert [field["name"] for field in part["fields"]] == ["a", "c", "b"]


def test_an_earlier_revision_loads_beside_a_later_one(
    open_bigquery: Callable[[], BigQueryStore], declared: Callable[..., None]
) -> None:
    declared(Column("order_id", "STRING"), Column("later", "STRING"), WIDER)
    open_bigquery().load([voided("evt_1", later="x", part={"a": "1", "b": "2", "c": "3"})])
    declared(Column("order_id", "STRING"), PART)
    store = open_bigquery()
    store.load([voided("evt_2", part={"a": "4", "b": "5", "c": "6"})])

    assert store.query(f"SELECT later, part FROM {TABLE} ORDER BY event_id") == [
        {"later": "x", "part": {"a": "1", "b": "2", "c": "3"}},
        {"later": None, "part": {"a": "4", "b": "5", "c": "6"}},
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (Column("order_id", "INT64"), "payment_voided.order_id is NULLABLE STRING, wanted NULLABLE INTEGER"),
        (Column("order_id", "STRING", repeated=True), "wanted REPEATED STRING"),
        (Column("order_id", "STRUCT", fields=(Column("a", "STRING"),)), "wanted NULLABLE RECORD"),
    ],
)
def test_a_column_of_another_kind_is_refused_and_nothing_is_changed(
    open_bigquery: Callable[[], BigQueryStore], declared: Callable[..., None], changed: Column, said: str
) -> None:
    declared(Column("order_id", "STRING"))
    first = open_bigquery()
    first.load([voided("evt_1")])
    declared(changed)
    with pytest.raises(SchemaConflict, match=said):
        open_bigquery().load([voided("evt_2"), event("evt_3")])

    assert first.query(COUNT) == [{"events": 1}]
    assert first.query(f"SELECT order_id FROM {TABLE}") == [{"order_id": "ord_1"}]


def test_a_table_that_is_partitioned_or_clustered_otherwise_is_refused() -> None:
    wanted = bigquery_schema.table(TABLE)
    for key in ("timePartitioning", "clustering"):
        with pytest.raises(SchemaConflict, match=key):
            bigquery_schema.widened(TABLE, {name: wanted[name] for name in wanted if name != key}, wanted)
    assert bigquery_schema.widened(TABLE, wanted, wanted) == wanted["schema"]["fields"]


def test_a_value_that_its_column_cannot_hold_is_null_there_and_holds_up_no_other_event(
    open_bigquery: Callable[[], BigQueryStore], declared: Callable[..., None]
) -> None:
    kinds = ("STRING", "INT64", "NUMERIC", "BOOL", "TIMESTAMP", "DATE")
    declared(*(Column(kind.lower(), kind) for kind in kinds))  # type: ignore[arg-type]
    right = ("x", 2**63 - 1, "-0.005", True, "2026-11-20T08:00:00Z", "2026-11-20")
    wrong = (7, 2**63, "1e30", "yes", "2026-11-20T08:00:00", "20.11.2026")
    store = open_bigquery()
    assert (
        store.load(
            [
                voided(f"evt_{n}", **dict(zip(map(str.lower, kinds), row, strict=True)))
                for n, row in enumerate((right, wrong))
            ]
        )
        == 2
    )

    names = ", ".join(f"`{kind.lower()}`" for kind in kinds)
    good, bad = store.query(f"SELECT {names} FROM {TABLE} ORDER BY event_id")
    assert list(good.values()) == [
        "x",
        2**63 - 1,
        Decimal("-0.005"),
        True,
        datetime(2026, 11, 20, 8, tzinfo=UTC),
        datetime(2026, 11, 20, tzinfo=UTC).date(),
    ]
    assert list(bad.values()) == [None] * 6


class Interrupted(BigQueryStore):
    """Its first script ends as the test says; afterwards it is as any."""

    ends: Exception | None = None

    def _run(self, sql: str, given: Any) -> list[dict[str, Any]]:
        if sql.startswith("DECLARE") and self.ends is not None:
            error, self.ends = self.ends, None
            raise error
        return super()._run(sql, given)


@pytest.fixture
def interrupted(bigquery_emulator: str, open_bigquery: Callable[[], BigQueryStore]) -> Interrupted:
    return Interrupted("local", open_bigquery()._dataset.partition(".")[2], bigquery_emulator)


def test_a_load_that_was_cancelled_for_another_one_runs_again(
    interrupted: Interrupted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bigquery, "PAUSE_S", 0.001)
    interrupted.ends = BadRequest("Transaction is aborted due to concurrent update against table local.t.loads")
    assert interrupted.load([event("evt_1"), event("evt_2")]) == 2
    assert interrupted.query(COUNT) == [{"events": 2}]


def test_a_process_that_ends_between_staging_and_moving_leaves_nothing_and_loads_again(
    interrupted: Interrupted,
) -> None:
    interrupted.ends = TimeoutError()
    with pytest.raises(Unavailable):
        interrupted.load([event("evt_1")])

    assert interrupted.query(COUNT) == [{"events": 0}]
    assert interrupted.query("SELECT COUNT(*) AS orders FROM order_confirmed") == [{"orders": 0}]
    assert interrupted.load([event("evt_1"), event("evt_2")]) == 2


def test_loading_again_fills_a_table_that_was_not_there(
    open_bigquery: Callable[[], BigQueryStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = tables()
    monkeypatch.setattr(bigquery_schema, "tables", lambda: {"fraud_scored": known["fraud_scored"]})
    open_bigquery().load([voided("evt_1")])
    monkeypatch.undo()
    store = open_bigquery()

    assert store.query(f"SELECT event_id FROM {TABLE}") == []
    assert store.load([voided("evt_1")]) == 0
    assert store.query(f"SELECT event_id FROM {TABLE}") == [{"event_id": "evt_1"}]
    assert store.query(COUNT) == [{"events": 1}]


def test_a_bigquery_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bigquery, "_RETRY", Retry(initial=0.01, timeout=0.1))
    store = BigQueryStore("local", "t", "http://127.0.0.1:9")
    with pytest.raises(Unavailable, match="did not answer"):
        store.query(COUNT)
    with pytest.raises(Unavailable, match="did not answer"):
        store.load([event()])


def test_settings_choose_it(tmp_path: Path) -> None:
    chosen = read_settings({"BOUTIQUE_BIGQUERY": "http://127.0.0.1:9", "BOUTIQUE_DATASET": "mine"})
    store = AnalyticalStore.connect(chosen)
    assert isinstance(store, BigQueryStore)
    assert AnalyticalStore.connect(chosen) is store
    assert not isinstance(AnalyticalStore.connect(Settings(data=tmp_path)), BigQueryStore)


def test_a_laptop_imports_nothing_of_googles() -> None:
    code = """
import sys
from functions.data_warehouse import load_events, run_report
from shared.analytics import AnalyticalStore, duckdb
from shared.settings import Settings
AnalyticalStore.connect(Settings())
print([name for name in sys.modules if name.startswith(("google.api_core", "google.auth", "google.cloud.", "grpc"))])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
