"""What only the Firestore adapter promises: how documents lie, who adds up, who takes over outbox rows."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, timedelta
from typing import Any

import pytest
from google.api_core.exceptions import ServiceUnavailable

from shared.errors import Unavailable
from shared.storage.documents import Index
from shared.storage.durability import scope
from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_wire import FirestoreWire
from shared.storage.instances import LeasedInstance
from tests.shared.storage.selling import NOW, LosesAnswers, Open, Sale, Sold, Stock, later, put


def test_the_rows_of_a_process_in_the_cloud_are_taken_over_after_ten_seconds(open_database: Open) -> None:
    first = open_database("run-1", clock=lambda: NOW)
    event_id = first.transact(lambda tx: tx.emit(Sold(order_id="ord_1"), NOW))
    assert open_database("run-2", clock=lambda: NOW + timedelta(seconds=10)).unsent() == []
    [taken] = open_database("run-2", clock=lambda: NOW + timedelta(seconds=10, milliseconds=1)).unsent()
    assert taken.id == event_id


def test_where_nothing_runs_after_the_answer_sent_rows_are_deleted_before_it(open_database: Open) -> None:
    database = open_database(keeps_running=False)
    with scope(lambda events: None):
        database.transact(lambda tx: tx.emit(Sold(order_id="ord_1"), NOW))
    assert open_database("run-2", clock=later).unsent() == []
    assert open_database("run-2").outstanding() == 0


def test_the_relay_finds_every_row_of_a_long_backlog(open_database: Open) -> None:
    database = open_database("run-1", clock=lambda: NOW)
    for batch in range(2):
        database.transact(lambda tx, b=batch: [tx.emit(Sold(order_id=f"{b}-{i}"), NOW) for i in range(400)])  # type: ignore[misc]
    relay = open_database("run-2")
    assert len(relay.unsent(limit=350)) == 350
    assert [event.subject for event in relay.unsent(limit=1000)] == [f"{b}-{i}" for b in range(2) for i in range(400)]


def test_beside_the_body_lie_only_what_indexes_sums_and_ttl_need(
    database: FirestoreDatabase, wire: FirestoreWire
) -> None:
    put(database, Sale(order_id="ord_1", sku="mug", forgotten_at=NOW), Stock(sku="mug", left=1))
    sale, stock = wire.name("sales", "ord_1"), wire.name("stock", "mug")
    found = wire.documents([sale, stock], ())
    assert not found[sale].fields
    whole = wire.run(of_collection("sales"))[0].fields
    assert sorted(whole) == ["_body", "_commit", "_expires", "_key", "at", "net", "pieces", "sku"]
    assert whole["_expires"].timestamp_value.ToDatetime(UTC) == NOW
    assert whole["at"].string_value == "2026-03-01T12:00:00.000000Z"
    assert sorted(wire.run(of_collection("stock"))[0].fields) == ["_body", "_commit", "_key"]


def of_collection(name: str) -> Any:
    from shared.storage.firestore_wire import Query

    query = Query()
    query.from_.add(collection_id=name)
    return query


def test_sums_that_the_index_names_are_added_up_by_firestore_and_others_here(
    database: FirestoreDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, *(Sale(order_id=f"ord_{i}", sku="mug", pieces=i, net=None if i == 2 else 5) for i in range(4)))
    asked: dict[str, Any] = {"sku": "mug", "order_by": "at", "until": NOW}
    here = database.aggregate(Sale, sums=["pieces", "net"], sku="mug")
    monkeypatch.setattr(database.wire, "run", None)
    assert database.aggregate(Sale, sums=["net", "pieces"], **asked) == here
    assert database.aggregate(Sale, sums=["pieces"], **asked).sums == {"pieces": 6}
    assert here.sums == {"pieces": 6, "net": 15}


def test_only_whole_numbers_are_summed(database: FirestoreDatabase) -> None:
    put(database, Sale(order_id="ord_1", sku="mug"))
    with pytest.raises(TypeError, match="whole numbers"):
        database.aggregate(Sale, sums=["weight"])


def test_an_index_holds_at_most_the_sums_of_one_aggregation() -> None:
    with pytest.raises(TypeError, match="four"):
        Index("sku", sums=("a", "b", "c", "d", "e"))


def test_a_purge_leaves_a_document_that_was_kept_longer_meanwhile(
    database: FirestoreDatabase, open_database: Open, wire: FirestoreWire
) -> None:
    put(database, Sale(order_id="ord_1", sku="mug", forgotten_at=NOW))

    class Overtaken(LosesAnswers):
        def commit(self, writes: Sequence[Any]) -> None:
            kept = Sale(order_id="ord_1", sku="mug", forgotten_at=NOW + timedelta(days=9))
            with ThreadPoolExecutor(1) as other:
                other.submit(put, database, kept).result()
            self._wire.commit(writes)

    purging = open_database(wire=Overtaken(wire, arrives=True))
    assert purging.purge(Sale, NOW + timedelta(days=1)) == 0
    assert database.get(Sale, "ord_1") is not None


class AnswersLate:
    """Google's client, whose first answers fail in a passing way: cut off without an error, or refused."""

    def __init__(self, client: Any, failures: list[Exception | None]) -> None:
        self._client, self._failures = client, failures

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def batch_get_documents(self, *arguments: Any, **options: Any) -> Any:
        if not self._failures:
            return self._client.batch_get_documents(*arguments, **options)
        failure = self._failures.pop()
        if failure is not None:
            raise failure
        return []


def test_a_read_that_fails_in_passing_is_made_again(
    database: FirestoreDatabase, wire: FirestoreWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, Stock(sku="mug", left=1))
    monkeypatch.setattr(wire, "_client", AnswersLate(wire._client, [None, ServiceUnavailable("moving")]))
    reading = FirestoreDatabase(wire, "inventory", LeasedInstance("run-2"))
    assert reading.get(Stock, "mug") == Stock(sku="mug", left=1)


def test_an_answer_that_is_always_cut_off_is_no_absence(wire: FirestoreWire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_client", AnswersLate(wire._client, [None] * 3))
    with pytest.raises(Unavailable):
        FirestoreDatabase(wire, "inventory", LeasedInstance("run-2")).get(Stock, "mug")


def test_a_database_that_is_not_there_is_unavailable_at_once() -> None:
    wire = FirestoreWire("local", "nowhere", "127.0.0.1:9")
    database = FirestoreDatabase(wire, "inventory", LeasedInstance("run-1"))
    with pytest.raises(Unavailable):
        database.get(Stock, "mug")
    with pytest.raises(Unavailable):
        put(database, Stock(sku="mug", left=1))
    wire.close()
