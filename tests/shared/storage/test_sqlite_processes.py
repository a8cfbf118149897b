"""Several processes on one SQLite file, and what is left when one is killed."""

import multiprocessing
import sqlite3
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from shared.storage.sqlite import SqliteDatabase
from tests.shared.storage import writers
from tests.shared.storage.writers import Counter

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = writers.open_database(tmp_path)
    yield opened
    opened.close()


def start(target: Callable[..., None], *args: Any) -> multiprocessing.process.BaseProcess:
    process = SPAWN.Process(target=target, args=args)
    process.start()
    return process


def run_together(*processes: multiprocessing.process.BaseProcess) -> None:
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def count(database: SqliteDatabase, name: str) -> int:
    counter = database.get(Counter, name)
    return counter.count if counter else 0


def test_two_processes_hammering_one_file_lose_nothing(tmp_path: Path, database: SqliteDatabase) -> None:
    run_together(*(start(writers.hammer, tmp_path, own, 150) for own in ("a", "b")))
    assert [count(database, name) for name in ("shared", "a", "b")] == [300, 150, 150]


def test_every_commit_is_read_back_while_another_process_checkpoints(tmp_path: Path, database: SqliteDatabase) -> None:
    run_together(*(start(writers.reread_every_commit, tmp_path, own, 200) for own in ("a", "b")))
    assert [count(database, name) for name in ("a", "b")] == [200, 200]
    assert Path(f"{database.file.path}-wal").stat().st_size < 1_000_000  # 400 commits of two and more pages fill 5 MB


def killed_in_mid_run(folder: Path, own: str, after: int) -> int:
    """Kill -9 a writer once it has acknowledged so many commits; return the last count that it acknowledged."""
    receiver, sender = SPAWN.Pipe(duplex=False)
    process = start(writers.write_until_killed, folder, own, sender)
    sender.close()
    last = 0
    while last < after:
        last = receiver.recv()
    process.kill()
    try:
        while True:
            last = receiver.recv()
    except EOFError:
        pass
    process.join()
    assert process.exitcode == -9
    receiver.close()
    return last


def test_a_writer_killed_in_mid_run_leaves_every_acknowledged_commit_and_a_sound_file(tmp_path: Path) -> None:
    for after in (1, 40, 200):
        own = f"after-{after}"
        acknowledged = killed_in_mid_run(tmp_path, own, after)
        database = writers.open_database(tmp_path)
        mine, twin = count(database, own), count(database, f"{own}-twin")
        assert acknowledged <= mine <= acknowledged + 1
        assert twin == mine
        assert database.outstanding() == mine
        assert len({event.id for event in database.unsent(limit=10_000)}) == mine
        database.discard_sent([event.id for event in database.unsent(limit=10_000)])
        database.close()
        raw = sqlite3.connect(tmp_path / "counting.sqlite")
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert raw.execute("SELECT count(*) FROM outbox").fetchall() == [(0,)]
        raw.close()


@pytest.fixture
def emitter(tmp_path: Path) -> Iterator[tuple[multiprocessing.process.BaseProcess, Connection]]:
    here, there = SPAWN.Pipe()
    process = start(writers.emit_and_wait, tmp_path, there)
    there.close()
    yield process, here
    process.kill()
    process.join()
    here.close()


def test_a_dead_process_s_events_are_taken_at_once_and_a_living_one_s_are_not(
    database: SqliteDatabase, emitter: tuple[multiprocessing.process.BaseProcess, Connection]
) -> None:
    process, pipe = emitter
    pipe.recv()
    assert database.outstanding() == 1
    assert database.unsent() == []
    process.kill()
    process.join()
    killed = time.monotonic()
    assert [event.subject for event in database.unsent()] == ["a"]
    assert time.monotonic() - killed < 1
