"""Who is alive, by lock on one machine and by lease in the cloud."""

import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared.storage.instances import Instance, LeasedInstance, LocalInstance

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def one(tmp_path: Path) -> Iterator[LocalInstance]:
    instance = LocalInstance(tmp_path)
    yield instance
    instance.close()


@pytest.fixture
def two(tmp_path: Path) -> Iterator[LocalInstance]:
    instance = LocalInstance(tmp_path)
    yield instance
    instance.close()


def gone(asker: Instance, other_id: str) -> bool:
    return asker.is_gone(other_id, NOW - timedelta(days=1), NOW)


def test_a_local_instance_lives_as_long_as_it_holds_its_lock(one: LocalInstance, two: LocalInstance) -> None:
    assert one.id != two.id
    for _ in range(2):
        assert not gone(one, two.id)
        assert not gone(two, one.id)
    two.close()
    assert gone(one, two.id)
    assert gone(one, two.id)


def test_no_instance_is_gone_for_itself(one: LocalInstance) -> None:
    assert not gone(one, one.id)


def test_an_instance_never_heard_of_is_gone(one: LocalInstance) -> None:
    assert gone(one, "proc-of-another-folder")


def test_the_file_of_a_dead_instance_is_removed_when_asked_about(one: LocalInstance, tmp_path: Path) -> None:
    stale = tmp_path / "proc-dead.lock"
    stale.touch()
    assert gone(one, "proc-dead")
    assert not stale.exists()


def test_a_start_removes_the_files_of_the_dead_and_only_theirs(one: LocalInstance, tmp_path: Path) -> None:
    (tmp_path / "proc-dead.lock").touch()
    LocalInstance(tmp_path).close()
    assert [path.name for path in tmp_path.iterdir()] == [f"{one.id}.lock"]


def test_a_forked_child_is_another_instance_and_does_not_keep_its_parent_alive(
    one: LocalInstance, two: LocalInstance
) -> None:
    reading, writing = os.pipe()
    waiting, ending = os.pipe()
    parent_id = two.id
    child = os.fork()
    if child == 0:
        os.close(ending)  # so that the child ends with its parent, whatever becomes of the test
        os.write(writing, f"{two.id} {gone(two, one.id)}".encode())
        os.read(waiting, 1)
        os._exit(0)
    try:
        child_id, parent_gone_for_child = os.read(reading, 100).decode().split()
        assert child_id not in (one.id, parent_id)
        assert parent_gone_for_child == "False"
        assert not gone(one, child_id)
        two.close()
        assert gone(one, parent_id)
        assert not gone(one, child_id)
    finally:
        for fd in (ending, waiting, reading, writing):
            os.close(fd)
        os.waitpid(child, 0)
    assert gone(one, child_id)


def test_two_who_ask_at_once_are_not_taken_for_the_owner(one: LocalInstance, tmp_path: Path) -> None:
    lock = tmp_path / "proc-dead.lock"
    lock.touch()
    with lock.open() as asking:
        fcntl.flock(asking, fcntl.LOCK_SH)
        assert gone(one, "proc-dead")


def test_a_lease_is_worth_ten_seconds() -> None:
    instance = LeasedInstance("rev-1-abc")
    assert not instance.is_gone("rev-1-xyz", NOW - timedelta(seconds=10), NOW)
    assert instance.is_gone("rev-1-xyz", NOW - timedelta(seconds=10, milliseconds=1), NOW)
    assert not instance.is_gone("rev-1-abc", NOW - timedelta(days=1), NOW)
