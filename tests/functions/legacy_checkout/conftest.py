"""The service is tested with the real other services, in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process import InProcess


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    started = InProcess(tmp_path)
    yield started
    started.close()
