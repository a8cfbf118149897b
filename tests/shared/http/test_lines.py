"""The line of an invocation is written when what it says is so: after the commit, and in a batch after the batch's."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.events.order import OrderCancelled
from shared.http.service import Service
from shared.storage.durability import scope
from shared.storage.sqlite import SqliteDatabase
from shared.telemetry.log import JsonLines
from tests.shared.http.bakery import Heard
from tests.shared.http.estate import Client

LOG = logging.getLogger("boutique.requests")
FIRST, SECOND = "ord_01M7VZGC00KRVQKEBZ99Y1BWWW", "ord_01M7VZGC00KRVQKEBZ99Y1BXXX"


class Lines(logging.Handler):
    """Keeps each line as it is written, and looks about at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.written: list[dict[str, Any]] = []
        self.look: Callable[[], None] = lambda: None

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(json.loads(self.format(record)))
        self.look()

    @property
    def effects(self) -> list[tuple[str, str]]:
        return [(each["order"], each["effect"]) for each in self.written]


@pytest.fixture
def lines() -> Iterator[Lines]:
    kept, level = Lines(), LOG.level
    LOG.addHandler(kept)
    LOG.setLevel(logging.INFO)
    yield kept
    LOG.removeHandler(kept)
    LOG.setLevel(level)


def hear(client: Client, order_id: str = FIRST, reason: str = "well") -> None:
    event = OrderCancelled(order_id=order_id, by="operator", reason=reason)
    assert client.push("hear_cancellation", event, event_id=f"evt-{order_id}").status == 204


def kept(service: Service, order_id: str = FIRST) -> int:
    """How often the order's end was heard, by the rows of the file: what is only kept back is not there."""
    database = service.database
    assert isinstance(database, SqliteDatabase)
    database.table(Heard)
    found = database.file.read("SELECT body FROM heard WHERE key = ?", (order_id,))
    return json.loads(found[0][0])["times"] if found else 0


def test_outside_a_batch_a_line_is_written_after_the_commit_and_before_the_answer(
    client: Client, service: Service, lines: Lines, noted: list[str]
) -> None:
    lines.look = lambda: noted.append(f"told, {kept(service)} kept")

    hear(client)
    assert noted == ["told, 1 kept", "answered"]

    noted.clear()
    lines.look = lambda: noted.append("told")
    body = {"sku": "RYE", "price": {"currency": "USD", "amount": "4.50"}}
    assert client.send("POST", "/loaves", body).status == 201
    assert noted == ["published", "told", "answered"]


def test_in_a_batch_all_lines_are_written_in_their_order_when_it_is_committed_and_nothing_is_published_yet(
    client: Client, service: Service, lines: Lines
) -> None:
    seen: list[tuple[int, int]] = []
    lines.look = lambda: seen.append((kept(service, FIRST), kept(service, SECOND)))

    with scope(lambda events: None, gathers=True, is_batch=True) as batch:
        hear(client, FIRST)
        batch.next_invocation()
        hear(client, SECOND)
        assert lines.written == []
        assert (kept(service, FIRST), kept(service, SECOND)) == (0, 0)

    assert lines.effects == [(FIRST, "applied"), (SECOND, "applied")]
    assert seen == [(1, 1), (1, 1)]


def test_a_held_line_says_the_trace_and_the_time_of_its_own_invocation(client: Client, lines: Lines) -> None:
    with scope(lambda events: None, gathers=True, is_batch=True):
        hear(client, FIRST)
        hear(client, SECOND)

    first, second = lines.written
    assert (first["service"], first["route"], first["status"]) == ("bakery", "/events/hear_cancellation", 204)
    assert {first["trace"], second["trace"]} != {first["trace"]}
    assert 0 < first["ms"] < 60_000


def test_a_batch_that_does_not_settle_tells_no_effect_and_the_next_attempt_tells_it_once(
    client: Client, service: Service, lines: Lines
) -> None:
    with pytest.raises(Unavailable), scope(lambda events: None, gathers=True, is_batch=True) as batch:
        hear(client, FIRST)
        hear(client, SECOND)
        batch.spoil(Unavailable("the disk is full"))
    assert lines.effects == [(FIRST, "in-doubt"), (SECOND, "in-doubt")]
    lines.written.clear()

    with scope(lambda events: None, is_batch=True):
        hear(client, FIRST)
        hear(client, SECOND)

    told = {effect for _, effect in lines.effects}
    assert told <= {"applied", "suppressed"}
    assert (kept(service, FIRST), kept(service, SECOND)) == (1, 1)


def test_a_batch_that_is_torn_down_before_it_settles_leaves_nothing_and_tells_no_effect(
    client: Client, service: Service, lines: Lines
) -> None:
    with pytest.raises(KeyboardInterrupt), scope(lambda events: None, gathers=True, is_batch=True):
        hear(client)
        raise KeyboardInterrupt
    assert (lines.effects, kept(service)) == ([(FIRST, "in-doubt")], 0)

    hear(client)

    assert (lines.effects[1:], kept(service)) == ([(FIRST, "applied")], 1)


def test_of_two_attempts_side_by_side_that_both_call_outside_one_line_says_applied(
    client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = OrderCancelled(order_id=FIRST, by="operator", reason="well")

    class Interrupted(list[str]):
        """While the first attempt is calling, a second one begins and ends."""

        def append(self, order_id: str) -> None:
            super().append(order_id)
            if len(self) == 1:
                client.push("call_customer", event, attempt=2)

    monkeypatch.setattr("tests.shared.http.bakery.CALLED", Interrupted())
    with scope(lambda events: None, gathers=True, is_batch=True):
        client.push("call_customer", event)

    assert [(each["attempt"], each["effect"]) for each in lines.written] == [(2, "applied"), (1, "suppressed")]


def test_a_delivery_whose_work_is_done_again_for_another_writer_was_applied(
    client: Client, service: Service, lines: Lines
) -> None:
    with scope(lambda events: None, gathers=True, is_batch=True):
        hear(client)
        database = service.database
        assert isinstance(database, SqliteDatabase)
        other = json.dumps({"schema_version": 1, "order_id": FIRST, "times": 7})
        database.file.write(
            lambda cursor: bool(
                cursor.execute("INSERT INTO heard (key, version, body) VALUES (?, 1, ?)", (FIRST, other)).rowcount
            )
        )

    assert (lines.effects, kept(service)) == ([(FIRST, "applied")], 8)
