"""A broker with a few subscriptions and a clock that stands; deliverers that are stopped."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.manifest import TopicRow, Topics
from shared.messaging.embedded import Broker, Deliverer
from shared.messaging.publisher import messages_of
from tests.shared.messaging.embedded.rows import ROWS

to_order_events = messages_of(Topics(topics={"order-events": TopicRow(about="All.", aggregates=("order",))}))


@pytest.fixture
def open_broker(tmp_path: Path, clock: Any) -> Iterator[Callable[..., Broker]]:
    opened: list[Broker] = []

    def open_one(instance_id: str = "one", rows: Any = ROWS, **more: Any) -> Broker:
        more.setdefault("jitter", lambda: 0.0)
        more.setdefault("clock", clock)
        clock_used = more.pop("clock")
        opened.append(Broker(tmp_path / "broker.db", rows, instance_id, clock_used, **more))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def broker(open_broker: Callable[..., Broker]) -> Broker:
    return open_broker()


@pytest.fixture
def start() -> Iterator[Callable[..., Deliverer]]:
    started: list[Deliverer] = []

    def start_one(broker: Broker, push: Any, messages: Any = to_order_events, **more: Any) -> Deliverer:
        started.append(Deliverer(broker, push, messages, **more))
        started[-1].start()
        return started[-1]

    yield start_one
    for each in started:
        each.stop()
