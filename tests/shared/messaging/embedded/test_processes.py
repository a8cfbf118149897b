"""Several processes on one broker: nothing is lost, whoever dies."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.messaging.embedded import Broker
from shared.values.clock import utc_now
from tests.shared.messaging.embedded.rows import INVOICE, message

EVERYONE = ("accounting", "notification", "data_warehouse")
ROOT = Path(__file__).parents[4]
Spawn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def spawn(tmp_path: Path) -> Iterator[Spawn]:
    running: list[subprocess.Popen[str]] = []

    def one(seconds_per_push: float = 0.0) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.shared.messaging.embedded.worker", str(tmp_path), str(seconds_per_push)]
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield one
    for each in running:
        if each.poll() is None:
            each.kill()
        each.wait()
        assert each.stdout is not None
        each.stdout.close()


def ready(*processes: "subprocess.Popen[str]") -> None:
    for each in processes:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"


@pytest.fixture
def publisher(open_broker: Callable[..., Broker]) -> Broker:
    return open_broker("publisher", clock=utc_now)


def drained(broker: Broker, seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while broker.backlog():
        assert time.monotonic() < ends, broker.subscriptions_report(utc_now())
        time.sleep(0.01)


def pushes(tmp_path: Path) -> list[tuple[str, str, str, int]]:
    lines = [line.split() for line in (tmp_path / "log").read_text().splitlines()]
    return [(number, service, process, int(at)) for number, service, process, at in lines]


def test_a_publish_wakes_another_process_at_once(publisher: Broker, spawn: Spawn, tmp_path: Path) -> None:
    ready(spawn())
    waits = []
    for _ in range(20):
        time.sleep(0.01)
        began = time.monotonic_ns()
        [number] = publisher.publish([message()])
        drained(publisher)
        waits += [at - began for each, _, _, at in pushes(tmp_path) if each == number]
    assert len(waits) == 60
    assert sorted(waits)[30] < 100_000_000  # nanoseconds; a sweep would take up to a second


def test_two_processes_deliver_everything_once_while_both_live(publisher: Broker, spawn: Spawn, tmp_path: Path) -> None:
    workers = [spawn(), spawn()]
    ready(*workers)
    published = [number for _ in range(100) for number in publisher.publish([message() for _ in range(5)])]
    drained(publisher)
    expected = {(number, service) for number in published for service in EVERYONE}
    came = Counter((number, service) for number, service, _, _ in pushes(tmp_path))
    assert came == dict.fromkeys(expected, 1)
    assert {process for _, _, process, _ in pushes(tmp_path)} <= {str(each.pid) for each in workers}
    for each in workers:
        each.terminate()
    assert [each.wait(5) for each in workers] == [0, 0]


def test_killing_a_process_in_its_batch_loses_nothing(publisher: Broker, spawn: Spawn, tmp_path: Path) -> None:
    dying = spawn(0.002)
    ready(dying)
    published = publisher.publish([message() for _ in range(100)])
    while not (tmp_path / "log").exists() or len(pushes(tmp_path)) < 30:
        time.sleep(0.002)
    dying.kill()
    dying.wait()
    left = publisher.backlog()
    assert 0 < left <= 300 - 8
    began = time.monotonic()
    ready(spawn())
    drained(publisher)
    assert time.monotonic() - began < 5  # taken over at once, long before the ack deadline of ten seconds
    came = Counter((number, service) for number, service, _, _ in pushes(tmp_path))
    assert came.keys() == {(number, service) for number in published for service in EVERYONE}
    assert came.total() - len(came) <= 128  # what the dead process had pushed in its last batch came again


def test_publishing_while_a_process_dies_loses_nothing(publisher: Broker, spawn: Spawn, tmp_path: Path) -> None:
    workers = [spawn(0.0005), spawn(0.0005)]
    ready(*workers)
    published: list[str] = []
    for turn in range(60):
        published += publisher.publish([message("order.held")])
        if turn == 30:
            workers[0].kill()
            workers[0].wait()
    drained(publisher)
    services = {service for number, service, _, _ in pushes(tmp_path) if number in set(published)}
    assert services == {"notification", "data_warehouse"}
    assert {number for number, service, _, _ in pushes(tmp_path) if service == "notification"} == set(published)
    assert INVOICE.service not in services
