"""When commits are safe against power loss: one fdatasync for many, and none when nothing is new."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.storage.durability import scope
from shared.storage.sqlite import SqliteDatabase
from shared.storage.sqlite_file import GroupSync
from tests.shared.storage.writers import Counter, increment, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    opened = open_database(tmp_path)
    increment(opened, "warm")
    yield opened
    opened.close()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were synced, through the real fdatasync."""
    files: list[str] = []
    really = os.fdatasync

    def fdatasync(fd: int) -> None:
        files.append(Path(f"/proc/self/fd/{fd}").readlink().name)
        really(fd)

    monkeypatch.setattr(os, "fdatasync", fdatasync)
    return files


def test_outside_a_scope_each_commit_is_synced_before_it_returns(database: SqliteDatabase, synced: list[str]) -> None:
    increment(database, "a")
    increment(database, "a")
    assert synced == ["counting.sqlite-wal"] * 2


def test_a_scope_syncs_once_for_all_its_commits(database: SqliteDatabase, synced: list[str]) -> None:
    with scope(lambda events: None):
        for _ in range(20):
            increment(database, "a")
        assert synced == []
    assert synced == ["counting.sqlite-wal"]


def test_what_was_only_read_is_synced_if_somebody_else_s_commit_is_not(
    database: SqliteDatabase, tmp_path: Path, synced: list[str]
) -> None:
    other = open_database(tmp_path)
    with scope(lambda events: None):
        database.get(Counter, "a")
    assert synced == []
    with scope(lambda events: None):
        increment(other, "a")
        synced.clear()
        with ThreadPoolExecutor(1) as threads:
            threads.submit(read_in_a_scope, database).result()
        assert synced == ["counting.sqlite-wal"]
    other.close()


def increment_often(database: SqliteDatabase, name: str) -> None:
    for _ in range(20):
        increment(database, name)


def read_in_a_scope(database: SqliteDatabase) -> None:
    with scope(lambda events: None):
        assert database.get(Counter, "a") is not None


def test_eight_threads_share_syncs(
    database: SqliteDatabase, synced: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = os.fdatasync

    def on_a_slow_disk(fd: int) -> None:
        time.sleep(0.002)
        counted(fd)

    monkeypatch.setattr(os, "fdatasync", on_a_slow_disk)
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(increment_often, database, f"c{n}") for n in range(8)]:
            done.result()
    assert [database.get(Counter, f"c{n}") for n in range(8)] == [Counter(name=f"c{n}", count=20) for n in range(8)]
    assert len(synced) < 160 / 2


def test_a_sync_that_already_runs_is_not_enough_for_who_comes_later() -> None:
    begun, may_end = threading.Semaphore(0), threading.Semaphore(0)
    runs: list[int] = []

    def slow() -> None:
        runs.append(len(runs))
        begun.release()
        may_end.acquire()

    group = GroupSync(slow)
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(group.sync)
        begun.acquire()
        later = [threads.submit(group.sync) for _ in range(3)]
        time.sleep(0.02)
        may_end.release()
        first.result()
        begun.acquire()
        assert not any(thread.done() for thread in later)
        may_end.release()
        for thread in later:
            thread.result()
    assert runs == [0, 1]


def test_after_a_failed_sync_none_succeeds() -> None:
    outcomes = iter([OSError(5, "Input/output error"), None])

    def disk() -> None:
        outcome = next(outcomes)
        if outcome:
            raise outcome

    group = GroupSync(disk)
    with pytest.raises(OSError, match="Input/output error"):
        group.sync()
    for _ in range(2):
        with pytest.raises(OSError, match="an earlier sync failed"):
            group.sync()


def test_the_wal_is_found_again_when_it_is_another_file(database: SqliteDatabase, synced: list[str]) -> None:
    increment(database, "a")
    before = os.fstat(database.file._wal_fd).st_ino
    wal = Path(f"{database.file.path}-wal")
    copy = wal.with_suffix(".copy")
    copy.write_bytes(wal.read_bytes())
    copy.rename(wal)
    assert database.file._find_wal()
    assert os.fstat(database.file._wal_fd).st_ino != before
