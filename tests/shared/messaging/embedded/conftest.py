"""A broker with a few subscriptions and a clock that stands."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.messaging.embedded import Broker
from tests.shared.messaging.embedded.rows import ROWS


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
