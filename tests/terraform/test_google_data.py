"""Firestore's databases as the documents want them, BigQuery's tables as the events do."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from functions.data_warehouse.report import reports
from tests.terraform.offline.terraform import ROOT
from tests.terraform.planned import Plan, by, resources

DOCUMENTS = json.loads((ROOT / "docs/firestore.json").read_text("utf-8"))
DATABASES: dict[str, Any] = {f"boutique-{each['database']}": each for each in DOCUMENTS["services"].values()}
TABLES = {path.stem: json.loads(path.read_text("utf-8")) for path in (ROOT / "docs/bigquery").glob("*.json")}
DATASET = "online-boutique-prod.boutique"


@pytest.fixture(scope="module")
def prod(plan: Callable[[str, str], Plan]) -> Plan:
    return plan("gcp", "prod")


def index_of(collection: str, fields: list[dict[str, Any]], path: str) -> tuple[str, ...]:
    return (collection, *(f"{each[path]} {each['order']}" for each in fields))


def test_a_database_per_service_that_can_be_brought_back(prod: Plan) -> None:
    wanted = ("location_id", "type", "concurrency_mode", "point_in_time_recovery_enablement", "delete_protection_state")

    found = by("name", prod, "google_firestore_database")

    assert set(found) == set(DATABASES)
    assert {tuple(each[key] for key in wanted) for each in found.values()} == {
        ("eur3", "FIRESTORE_NATIVE", "OPTIMISTIC", "POINT_IN_TIME_RECOVERY_ENABLED", "DELETE_PROTECTION_ENABLED")
    }


def test_every_day_has_a_backup_for_thirty_days(prod: Plan) -> None:
    schedules = by("database", prod, "google_firestore_backup_schedule")

    assert {name: (each["retention"], len(each["daily_recurrence"])) for name, each in schedules.items()} == {
        name: ("2592000s", 1) for name in DATABASES
    }


@pytest.mark.parametrize("name", DATABASES)
def test_indexes_are_those_that_documents_declare(prod: Plan, name: str) -> None:
    ours = [index_of(each["collection"], each["fields"], "field") for each in DATABASES[name]["indexes"]]
    theirs = [
        index_of(each["collection"], each["fields"], "field_path")
        for each in resources(prod, "google_firestore_index")
        if each["database"] == name
    ]

    assert sorted(theirs) == sorted(ours)


@pytest.mark.parametrize("name", DATABASES)
def test_documents_expire_and_bodies_are_in_no_index(prod: Plan, name: str) -> None:
    fields = [each for each in resources(prod, "google_firestore_field") if each["database"] == name]

    assert {each["collection"]: each["field"] for each in fields if each["ttl_config"]} == DATABASES[name]["ttl"]
    assert {(each["collection"], each["field"]) for each in fields if each["index_config"]} == {
        (collection, field) for collection in DATABASES[name]["collections"] for field in DOCUMENTS["unindexed"]
    }
    assert [
        each["index_config"][0]["indexes"] for each in fields if each["index_config"] and not each["ttl_config"]
    ] == [[]] * (2 * len(DATABASES[name]["collections"]))


def test_a_table_per_file_with_its_columns_partitions_and_clusters(prod: Plan) -> None:
    tables = {each["table_id"]: each for each in resources(prod, "google_bigquery_table") if not each["view"]}

    assert {
        name: (
            json.loads(each["schema"]),
            each["clustering"],
            [(of["type"], of["field"]) for of in each["time_partitioning"]],
            each["deletion_protection"],
        )
        for name, each in tables.items()
    } == {
        name: (
            each["schema"],
            each["clustering"],
            [(of["type"], of["field"]) for of in [each["time_partitioning"]] if of],
            True,
        )
        for name, each in TABLES.items()
    }


@pytest.mark.parametrize(("environment", "days"), [("dev", 30), ("staging", 90), ("prod", 3653)])
def test_events_expire_with_their_day(plan: Callable[[str, str], Plan], environment: str, days: int) -> None:
    partitioned = [
        of for each in resources(plan("gcp", environment), "google_bigquery_table") for of in each["time_partitioning"]
    ]

    assert {of["expiration_ms"] for of in partitioned} == {days * 24 * 3600 * 1000}


@pytest.mark.parametrize("name", reports())
def test_a_report_is_a_view_that_asks_the_same_of_the_same_tables(prod: Plan, name: str) -> None:
    views = {each["table_id"]: each["view"][0] for each in resources(prod, "google_bigquery_table") if each["view"]}
    assert set(views) == {f"report_{each}" for each in reports()}

    asked = sqlglot.parse_one(views[f"report_{name}"]["query"], read="bigquery")
    named = [table for table in asked.find_all(exp.Table) if table.name in TABLES]

    assert {f"{table.catalog}.{table.db}" for table in named} == {DATASET}
    for table in named:
        table.replace(exp.to_table(table.name, alias=table.alias or None))
    meant = reports()[name].sql.replace("@until", "CURRENT_TIMESTAMP()")
    assert asked.sql("bigquery", comments=False) == sqlglot.parse_one(meant, read="bigquery").sql(
        "bigquery", comments=False
    )


def test_data_warehouse_alone_writes_and_the_operator_may_read(prod: Plan) -> None:
    bindings = by("role", prod, "google_bigquery_dataset_iam_binding")
    account = "serviceAccount:boutique-{}@online-boutique-prod.iam.gserviceaccount.com"

    assert {role: each["members"] for role, each in bindings.items()} == {
        "roles/bigquery.dataEditor": [account.format("data-warehouse")],
        "roles/bigquery.dataViewer": [account.format("operator")],
    }
