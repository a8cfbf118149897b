"""The scheduler goes on whatever becomes of what it runs."""

import threading
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shared.calls.transport import Reply
from shared.errors import CallFailed
from shared.hosts.local import scheduler
from shared.hosts.local.scheduler import Scheduler
from shared.messaging.embedded.wakeups import send


class Failing:
    """An estate in which every service breaks the first time that it is asked for a function."""

    def __init__(self, data: Path) -> None:
        self.settings = SimpleNamespace(data=data)
        self.asked: Counter[str] = Counter()

    def ask(self, caller: str, service: str, method: str, path: str, body: bytes) -> Reply:
        self.asked[f"{service}{path}"] += 1
        if self.asked[f"{service}{path}"] == 1:
            raise CallFailed("no answer within 60.0 s")
        return Reply(200, b"{}")


def until(true: Any) -> None:
    ends = time.monotonic() + 30
    while not true() and time.monotonic() < ends:
        time.sleep(0.01)
    assert true()


def test_a_function_that_gives_no_answer_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "LAPTOP_MINUTE_S", 0.01)
    estate = Failing(tmp_path)
    running = Scheduler(estate, "proc-1")  # type: ignore[arg-type]
    running.start()
    try:
        until(lambda: estate.asked["checkout/schedules/resume_orders"] > 1)
        until(lambda: estate.asked["payment/schedules/relay_outbox"] > 1)
    finally:
        running.stop()


@pytest.mark.parametrize("slow", ["check_control_totals", "load_events"])
def test_what_takes_long_holds_up_no_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: str) -> None:
    monkeypatch.setattr(scheduler, "LAPTOP_MINUTE_S", 0.01)
    done = threading.Event()

    class Slow(Failing):
        def ask(self, caller: str, service: str, method: str, path: str, body: bytes) -> Reply:
            self.asked[f"{service}{path}"] += 1
            if path == f"/schedules/{slow}":
                done.wait(60)
            return Reply(200, b"{}")

    estate = Slow(tmp_path)
    running = Scheduler(estate, "proc-1")  # type: ignore[arg-type]
    running.start()
    try:
        until(lambda: estate.asked[f"data_warehouse/schedules/{slow}"] == 1)
        until(lambda: estate.asked["order_management/schedules/rescore_silent_orders"] > 2)
        until(lambda: estate.asked["warehouse/schedules/relay_outbox"] > 2)
        assert estate.asked[f"data_warehouse/schedules/{slow}"] == 1
    finally:
        done.set()
        running.stop()


def test_a_woken_function_that_gives_no_answer_is_woken_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scheduler, "_by_clock", lambda self, keys: None)
    estate = Failing(tmp_path)
    running = Scheduler(estate, "proc-1")  # type: ignore[arg-type]
    running.start()
    try:
        send(tmp_path / "broker.db.wake", ["order.confirmed"])
        until(lambda: estate.asked["data_warehouse/schedules/load_events"] > 1)
    finally:
        running.stop()
