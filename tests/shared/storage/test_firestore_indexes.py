"""The exported indexes are what queries need: the emulator reports which ones it used."""

import json
import secrets
import urllib.request
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.hosts.local import collections, docs
from shared.http.records import HandledRecord
from shared.storage.documents import Document, Index
from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_indexes import composites, exported
from shared.storage.firestore_wire import FirestoreWire
from shared.storage.instances import LeasedInstance

SERVICES = sorted(collections.firestore()["services"])

Composite = tuple[str, frozenset[tuple[str, str]], str]
"""Collection, fields with their directions (equalities come in any order), and the last field."""


class Sale(Document):
    collection = "sales"
    key_field = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("sku", "state", "at", sums=("pieces", "net")),
        Index("sku", "order_id"),
        Index("at", sums=("net",)),
        Index("state"),
    )
    ttl_field = "at"
    order_id: str
    sku: str
    state: str
    at: str
    pieces: int
    net: int


def test_composites_serve_both_directions_and_the_sums() -> None:
    assert composites(Sale) == [
        (("sku", "ASCENDING"), ("state", "ASCENDING"), ("at", "ASCENDING")),
        (("sku", "ASCENDING"), ("state", "ASCENDING"), ("at", "DESCENDING")),
        (
            ("sku", "ASCENDING"),
            ("state", "ASCENDING"),
            ("at", "ASCENDING"),
            ("net", "ASCENDING"),
            ("pieces", "ASCENDING"),
        ),
        (("at", "ASCENDING"), ("net", "ASCENDING")),
    ]


def test_the_export_names_collections_and_ttl_fields() -> None:
    whole = exported([HandledRecord, Sale])
    assert whole["collections"] == ["handled_records", "outbox", "sales"]
    assert whole["ttl"] == {"handled_records": "_expires", "sales": "_expires"}
    assert whole["indexes"][-1] == {
        "collection": "sales",
        "fields": [{"field": "at", "order": "ASCENDING"}, {"field": "net", "order": "ASCENDING"}],
    }


def test_the_exported_file_says_what_the_documents_declare() -> None:
    text = Path(docs.ROOT / "docs/firestore.json").read_text("utf-8")
    assert text == docs.firestore_page()
    assert json.loads(text) == collections.firestore()


def test_every_service_on_cloud_run_has_a_database_with_the_host_s_records() -> None:
    assert len(SERVICES) >= 11
    assert "fraud" not in SERVICES
    for service in SERVICES:
        assert HandledRecord in collections.kinds(service)
    reservations = {"reservations", "movements", "stock"}
    assert reservations <= {kind.collection for kind in collections.kinds("inventory")}


def test_the_emulator_used_exactly_the_composites_of_a_kind(firestore_emulator: str) -> None:
    assert used(firestore_emulator, [Sale]) == needed([Sale])


@pytest.mark.parametrize("service", SERVICES)
def test_the_emulator_used_exactly_what_is_exported(firestore_emulator: str, service: str) -> None:
    kinds = collections.kinds(service)
    assert used(firestore_emulator, kinds) == needed(kinds)


def needed(kinds: list[type[Document]]) -> set[Composite]:
    return {composite(index["collection"], pairs(index["fields"], "field")) for index in exported(kinds)["indexes"]}


def used(emulator: str, kinds: list[type[Document]]) -> set[Composite]:
    """Ask every query with an order that the declared indexes allow, and return the composites that it took."""
    wire = FirestoreWire("local", f"t-{secrets.token_hex(8)}", emulator)
    database = FirestoreDatabase(wire, "any", LeasedInstance("run-1"))
    for kind in kinds:
        for index in kind.indexes:
            ask(database, kind, index)
    wire.close()
    with urllib.request.urlopen(
        f"http://{emulator}/emulator/v1/projects/local:indexUsage?database={wire.database}"
    ) as answer:
        reports = json.load(answer).get("reports", [])
    return {reported(report["index"]) for report in reports}


def ask(database: FirestoreDatabase, kind: type[Document], index: Index) -> None:
    if kind.key_field in index.fields:
        return  # the order of keys needs no composite
    *equal, last = index.fields
    equals: dict[str, Any] = dict.fromkeys(equal, "x")
    for descending in (False, True):
        database.query(kind, order_by=last, descending=descending, **equals)
        database.query(kind, order_by=last, since="a", until="z", descending=descending, **equals)
    database.aggregate(kind, sums=index.sums, order_by=last, until="z", **equals)


def reported(index: dict[str, Any]) -> Composite:
    collection = index["name"].split("/collectionGroups/")[1].split("/")[0]
    return composite(collection, [pair for pair in pairs(index["fields"], "fieldPath") if pair[0] != "__name__"])


def pairs(fields: list[dict[str, str]], name: str) -> list[tuple[str, str]]:
    return [(field[name], field["order"]) for field in fields]


def composite(collection: str, fields: list[tuple[str, str]]) -> Composite:
    return collection, frozenset(fields), fields[-1][0]
