"""Hearing of a publish at once."""

import errno
import os
import threading
import time
from pathlib import Path
from typing import Any

from shared.messaging.embedded import Broker, Wakeups
from shared.messaging.embedded.wakeups import send
from tests.shared.messaging.embedded.rows import message


def test_a_publish_tells_every_listener_the_event_types(broker: Broker) -> None:
    listeners = [Wakeups(broker.wake_folder, name) for name in ("scheduler", "worker")]
    broker.publish([message("order.confirmed"), message("order.held")])
    assert [each.wait(5) for each in listeners] == [{"order.confirmed", "order.held"}] * 2
    for each in listeners:
        each.close()


def test_types_gather_until_they_are_asked_for_and_are_told_once(tmp_path: Path) -> None:
    listener = Wakeups(tmp_path, "one")
    for number in range(200):
        send(tmp_path, {f"order.type_{number}"})
    assert listener.wait(0) == {f"order.type_{number}" for number in range(200)}
    assert listener.wait(0) == set()
    listener.close()


def test_more_types_than_one_write_holds_all_arrive(tmp_path: Path) -> None:
    listener = Wakeups(tmp_path, "one")
    types = {f"order.{number:060}" for number in range(150)}
    send(tmp_path, types)
    assert listener.wait(0) == types
    listener.close()


def test_waiting_ends_at_the_timeout(tmp_path: Path) -> None:
    listener = Wakeups(tmp_path, "one")
    began = time.monotonic()
    assert listener.wait(0.05) == set()
    assert 0.04 < time.monotonic() - began < 1
    listener.close()


def test_a_nudge_ends_waiting_and_names_no_type(tmp_path: Path) -> None:
    listener = Wakeups(tmp_path, "one")
    threading.Timer(0.05, listener.nudge).start()
    began = time.monotonic()
    assert listener.wait(10) == set()
    assert time.monotonic() - began < 5
    listener.close()


def test_a_nudge_after_closing_does_nothing(tmp_path: Path) -> None:
    listener = Wakeups(tmp_path, "one")
    listener.close()
    other = os.memfd_create("takes the descriptor that was closed")
    listener.nudge()
    assert os.fstat(other).st_size == 0
    os.close(other)


def test_the_pipe_of_a_dead_listener_is_removed(tmp_path: Path) -> None:
    dead, living = Wakeups(tmp_path, "dead"), Wakeups(tmp_path, "living")
    dead.close()
    os.mkfifo(tmp_path / "dead.wake")  # as kill -9 leaves it: a pipe that nobody reads
    send(tmp_path, {"order.held"})
    assert [each.name for each in tmp_path.iterdir()] == ["living.wake"]
    assert living.wait(0) == {"order.held"}
    living.close()


def test_a_listener_that_never_reads_stops_nobody(tmp_path: Path) -> None:
    listener = Wakeups(tmp_path, "one")
    for _ in range(3000):
        send(tmp_path, {"order.a_rather_long_event_type"})
    assert listener.wait(0) == {"order.a_rather_long_event_type"}
    send(tmp_path, {"order.held"})
    assert listener.wait(0) == {"order.held"}
    listener.close()


def test_the_pipe_of_a_living_listener_stays_when_it_cannot_be_opened(tmp_path: Path, monkeypatch: Any) -> None:
    def no_descriptor_left(*_: object) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    wakeups = Wakeups(tmp_path, "proc-1")
    monkeypatch.setattr(os, "open", no_descriptor_left)
    send(tmp_path, ["order.held"])
    monkeypatch.undo()
    send(tmp_path, ["order.confirmed"])
    assert wakeups.wait(1) == {"order.confirmed"}
    wakeups.close()
