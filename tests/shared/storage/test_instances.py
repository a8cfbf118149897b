"""Who is alive, by lock on one machine and by lease in the cloud."""

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
    go_reading, go_writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, f"{two.id} {gone(two, one.id)}".encode())
        os.read(go_reading, 1)
        os._exit(0)
    child_id, parent_gone_for_child = os.read(reading, 100).decode().split()
    parent_id = two.id
    assert child_id not in (one.id, parent_id)
    assert parent_gone_for_child == "False"
    assert not gone(one, child_id)
    two.close()
    assert gone(one, parent_id)
    assert not gone(one, child_id)
    os.write(go_writing, b"x")
    os.waitpid(child, 0)
    assert gone(one, child_id)
    for fd in (reading, writing, go_reading, go_writing):
        os.close(fd)


def test_a_lease_is_worth_ten_seconds() -> None:
    instance = LeasedInstance("rev-1-abc")
    assert not instance.is_gone("rev-1-xyz", NOW - timedelta(seconds=10), NOW)
    assert instance.is_gone("rev-1-xyz", NOW - timedelta(seconds=10, milliseconds=1), NOW)
    assert not instance.is_gone("rev-1-abc", NOW - timedelta(days=1), NOW)
