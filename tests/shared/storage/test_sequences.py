"""SQLite's outbox and ordering keys: rows of a dead process, what it costs, and files from before there were keys."""

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from shared.events.envelope import Envelope
from shared.storage.durability import scope
from shared.storage.instances import LocalInstance
from shared.storage.sequences import SequenceOf, no_sequence
from shared.storage.sqlite import SqliteDatabase
from tests.shared.storage.writers import Counted

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Opens = Callable[..., SqliteDatabase]


def by_subject(event: Envelope) -> str:
    return f"counted-events/{event.subject}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "counting.db"


def opened(file: Path, instance: LocalInstance, sequence_of: SequenceOf = by_subject) -> SqliteDatabase:
    return SqliteDatabase(file, "counting", instance, clock=lambda: NOW, sequence_of=sequence_of)


def emit(database: SqliteDatabase, name: str) -> str:
    return database.transact(lambda tx: tx.emit(Counted(name=name), NOW))


def test_what_a_dead_process_left_goes_first_and_the_relay_finds_nothing_more(file: Path, tmp_path: Path) -> None:
    instances = [LocalInstance(tmp_path / "instances") for _ in range(2)]
    dead, living = (opened(file, each) for each in instances)
    left, others = emit(dead, "a"), emit(dead, "b")
    dead.close()
    instances[0].close()

    published: list[str] = []
    with scope(lambda events: published.extend(event.id for event in events)):
        last = emit(living, "a")

    assert published == [left, last]
    assert [event.id for event in living.unsent()] == [others]
    living.close()
    instances[1].close()


def test_events_of_no_sequence_are_published_without_a_look_at_the_outbox(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = LocalInstance(tmp_path / "instances")
    database = opened(file, instance, no_sequence)

    def read(*asked: Any) -> list[Any]:
        raise AssertionError(asked)

    published: list[Envelope] = []
    with scope(published.extend):
        emit(database, "a")
        monkeypatch.setattr(database.file, "read", read)

    assert [event.subject for event in published] == ["a"]
    monkeypatch.undo()
    database.close()
    instance.close()


def test_the_rows_of_a_sequence_are_found_by_index(file: Path, tmp_path: Path) -> None:
    instance = LocalInstance(tmp_path / "instances")
    database = opened(file, instance)
    asked = "SELECT id FROM outbox WHERE sequence <> '' AND sequence IN (SELECT value FROM json_each(?)) ORDER BY rowid"

    plan = " ".join(str(row[3]) for row in database.file.read(f"EXPLAIN QUERY PLAN {asked}", ('["x"]',)))

    assert "USING INDEX outbox_in_sequence" in plan
    assert "SCAN outbox" not in plan
    database.close()
    instance.close()


def test_an_outbox_from_before_there_were_keys_is_opened_and_sent(file: Path, tmp_path: Path) -> None:
    instances = [LocalInstance(tmp_path / "instances") for _ in range(2)]
    before = opened(file, instances[0])
    emit(before, "a")
    before.close()
    instances[0].close()
    with sqlite3.connect(file) as raw:
        raw.execute("DROP INDEX outbox_in_sequence")
        raw.execute("ALTER TABLE outbox DROP COLUMN sequence")
    raw.close()

    database = opened(file, instances[1])

    assert [event.subject for event in database.unsent()] == ["a"]
    emit(database, "b")
    assert database.file.read("SELECT sequence FROM outbox ORDER BY rowid") == [("",), ("counted-events/b",)]
    assert json.loads(database.file.read("SELECT body FROM outbox ORDER BY rowid")[0][0])["subject"] == "a"
    database.close()
    instances[1].close()
