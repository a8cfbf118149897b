"""An estate in this process, and the report that its own route gives of an order."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.hosts.local.effects.answer import answer
from tests.in_process import InProcess

Report = Callable[[str], dict[str, Any]]


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    started = InProcess(tmp_path)
    started.deliver()
    yield started
    started.close()


@pytest.fixture
def report(estate: InProcess) -> Report:
    return lambda order_id: json.loads(answer(order_id, "", estate.estate, estate.broker).body)
