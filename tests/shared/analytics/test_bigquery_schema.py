"""The tables that Terraform makes and the adapter expects are one declaration, exported."""

import json
from datetime import date
from itertools import pairwise

import pytest
from zetasql.core import ZetaSQLError

from shared.analytics import bigquery_schema
from shared.analytics.bigquery_load import script
from shared.analytics.bigquery_schema import fields, sql_type, staged
from shared.analytics.schema import EVENTS, HEAD, Column, tables
from tests.bqemulator import ROOT
from tests.shared.analytics.analyzer import check, check_script

EXPORTED = ROOT / "docs" / "bigquery"


def test_every_table_is_exported_and_no_other() -> None:
    assert {path.stem for path in EXPORTED.glob("*.json")} == set(bigquery_schema.table_names())


def test_an_exported_table_says_all_that_terraform_needs() -> None:
    table = json.loads((EXPORTED / "order_confirmed.json").read_text())
    assert table["time_partitioning"] == {"type": "DAY", "field": "day"}
    assert table["clustering"] == ["order_id"]
    assert [field["name"] for field in table["schema"]] == [
        *(column.name for column in HEAD),
        "order_id",
        "order",
        "origin",
    ]
    assert table["schema"][0] == {"name": "event_id", "type": "STRING", "mode": "NULLABLE"}
    (order,) = [field for field in table["schema"] if field["name"] == "order"]
    (total,) = [field for field in order["fields"] if field["name"] == "total"]
    assert total["fields"] == [
        {"name": "currency", "type": "STRING", "mode": "NULLABLE"},
        {"name": "amount", "type": "NUMERIC", "mode": "NULLABLE"},
    ]


@pytest.mark.parametrize(
    ("table", "clustered"),
    [("events", ["type", "order_id"]), ("order_confirmed", ["order_id"]), ("customer_merged", ["subject"])],
)
def test_tables_are_partitioned_by_the_events_day_and_clustered(table: str, clustered: list[str]) -> None:
    declared = bigquery_schema.table(table)
    assert declared["timePartitioning"] == {"type": "DAY", "field": "day"}
    assert declared["clustering"] == {"fields": clustered}


def test_no_field_of_an_event_hides_a_column_that_every_table_has() -> None:
    head = {column.name for column in HEAD}
    for name, own in tables().items():
        names = [column.name.lower() for column in own]
        assert not head & set(names), name
        assert len(names) == len(set(names)), name


def test_a_type_is_written_as_statements_have_it() -> None:
    inner = (Column("sku", "STRING"), Column("quantity", "INT64"))
    (lines, sure) = fields([Column("lines", "STRUCT", repeated=True, fields=inner), Column("sure", "BOOL")])
    assert sql_type(lines) == "ARRAY<STRUCT<`sku` STRING, `quantity` INT64>>"
    assert sql_type(sure) == "BOOL"


@pytest.mark.parametrize("name", sorted(tables()))
def test_googles_analyzer_passes_every_statement_of_a_load(name: str) -> None:
    own = fields(tables()[name])
    batch = [*fields(EVENTS), *(field | {"name": staged(name, field["name"])} for field in own)]
    there = {each: bigquery_schema.table(each)["schema"]["fields"] for each in ("events", "loads", name)}
    statements = [
        line.rstrip(";")
        for line in script("d", "batch_1", (date(2026, 11, 20), date(2026, 11, 21)), {name: own}).split("\n")
        if line.startswith(("INSERT", "UPDATE"))
    ]

    assert len(statements) == 3
    for statement in statements:
        check(statement.replace("`d.", "`"), batch_1=batch, **there)


def test_the_analyzer_finds_a_statement_that_loads_another_kind() -> None:
    there = {each: bigquery_schema.table(each)["schema"]["fields"] for each in ("events", "loads")}
    with pytest.raises(ZetaSQLError, match="INT64"):
        check("INSERT INTO events (id, subject) SELECT batch, 7 FROM loads", **there)


def test_a_load_locks_before_it_looks_and_adds_events_last() -> None:
    lines = script("d", "b", (date(2026, 11, 20), date(2026, 11, 20)), {"order_held": fields(tables()["order_held"])})
    order = ["BEGIN TRANSACTION", "UPDATE `d.loads`", "SET added", "INTO `d.order_held`", "INTO `d.events`", "COMMIT"]
    places = [lines.index(each) for each in order]
    assert all(earlier < later for earlier, later in pairwise(places))
    assert lines.count("BETWEEN DATE '2026-11-20' AND DATE '2026-11-20'") == 3
    check_script(lines)
    with pytest.raises(ZetaSQLError, match="Syntax error"):
        check_script(lines.replace("BEGIN TRANSACTION;", "BEGIN WORK;"))
