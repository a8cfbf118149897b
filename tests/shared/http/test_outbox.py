"""PROMISES 5: nothing is done after the answer; one trace from the first request to the last event."""

import json
from pathlib import Path
from typing import Any

from shared.events.inventory import InventoryReceived
from shared.http.service import Service
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from shared.storage.sqlite_file import SqliteFile
from shared.telemetry.trace import current_traceparent
from shared.values.money import Money
from tests.shared.http.bakery import Loaf, SpyingPublisher
from tests.shared.http.estate import Client

RYE = {"sku": "RYE", "price": {"currency": "USD", "amount": "4.50"}}
TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"


def test_events_are_published_before_the_answer(
    client: Client, service: Service, publisher: SpyingPublisher, noted: list[str]
) -> None:
    client.send("POST", "/loaves", RYE)

    assert noted == ["published", "answered"]
    [message] = publisher.messages
    assert message.topic == "inventory-events"
    event = json.loads(message.data)
    assert (event["type"], event["source"], event["subject"]) == ("inventory.received", "/bakery", "RYE")
    assert event["data"]["unit_cost"] == {"currency": "USD", "amount": "4.50"}
    assert message.attributes["ce-type"] == "inventory.received"
    assert message.attributes["ce-id"] == event["id"]
    assert service.database.outstanding() == 0


def test_a_request_without_events_publishes_nothing(client: Client, noted: list[str]) -> None:
    client.send("GET", "/loaves/RYE")

    assert noted == ["answered"]


def test_a_failed_publish_still_answers_and_leaves_the_rows(
    client: Client, service: Service, publisher: SpyingPublisher
) -> None:
    publisher.broken = True

    assert client.send("POST", "/loaves", RYE).status == 201
    assert service.database.get(Loaf, "RYE") == Loaf(sku="RYE", baked=1)
    assert service.database.outstanding() == 1


def test_a_commit_that_cannot_be_made_safe_is_not_answered_as_done(
    client: Client, service: Service, publisher: SpyingPublisher, monkeypatch: Any
) -> None:
    def broken_disk(_: Any) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(SqliteFile, "sync", broken_disk)
    answered = client.send("POST", "/loaves", RYE)

    assert (answered.status, answered.code) == (503, "unavailable")
    assert publisher.messages == []


def test_the_relay_sends_what_a_dead_process_left(
    client: Client, service: Service, publisher: SpyingPublisher, clock: Any, tmp_path: Path
) -> None:
    dead = LocalInstance(tmp_path / "instances")
    database = SqliteDatabase(tmp_path / "bakery.db", "bakery", dead, current_traceparent)
    received = InventoryReceived(
        receipt_id="r9", sku="RYE", location="OVEN", quantity=1, unit_cost=Money.of("1.00", "USD")
    )
    ids = [database.transact(lambda tx: tx.emit(received, clock())) for _ in range(3)]
    assert client.send("POST", "/schedules/relay_outbox", caller="scheduler").json == {"sent": 0}
    database.close()
    dead.close()

    assert client.send("POST", "/schedules/relay_outbox", caller="scheduler").json == {"sent": 3}
    assert [message.attributes["ce-id"] for message in publisher.messages] == ids
    assert client.send("POST", "/schedules/relay_outbox", caller="scheduler").json == {"sent": 0}
    assert service.database.outstanding() == 0


def test_the_relay_keeps_what_the_broker_does_not_take(
    client: Client, service: Service, publisher: SpyingPublisher, clock: Any, tmp_path: Path
) -> None:
    dead = LocalInstance(tmp_path / "instances")
    database = SqliteDatabase(tmp_path / "bakery.db", "bakery", dead, current_traceparent)
    received = InventoryReceived(
        receipt_id="r9", sku="RYE", location="OVEN", quantity=1, unit_cost=Money.of("1.00", "USD")
    )
    database.transact(lambda tx: tx.emit(received, clock()))
    database.close()
    dead.close()
    publisher.broken = True

    assert client.send("POST", "/schedules/relay_outbox", caller="scheduler").status == 500
    publisher.broken = False
    assert client.send("POST", "/schedules/relay_outbox", caller="scheduler").json == {"sent": 1}


def test_the_request_and_its_events_are_one_trace(client: Client, publisher: SpyingPublisher) -> None:
    client.send("POST", "/loaves", RYE, headers={"traceparent": TRACEPARENT})

    [message] = publisher.messages
    version, trace, span, flags = message.attributes["traceparent"].split("-")
    assert (version, trace, flags) == ("00", TRACE, "01")
    assert span != "b7ad6b7169203331"
    assert json.loads(message.data)["traceparent"] == message.attributes["traceparent"]


def test_a_malformed_trace_begins_a_new_one(client: Client, publisher: SpyingPublisher) -> None:
    client.send("POST", "/loaves", RYE, headers={"traceparent": "00-nonsense"})
    client.send("POST", "/loaves", RYE)

    traces = [message.attributes["traceparent"].split("-")[1] for message in publisher.messages]
    assert all(len(trace) == 32 for trace in traces)
    assert len(set(traces)) == 2
