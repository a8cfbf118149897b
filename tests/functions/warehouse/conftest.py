"""Fresh databases of warehouse."""

from collections.abc import Callable
from itertools import count

import pytest

from shared.storage import Database


@pytest.fixture
def open_warehouse(database_of: Callable[..., Database]) -> Callable[[], Database]:
    """`open_warehouse()`: another empty database each time."""
    numbers = count()
    return lambda: database_of("warehouse", f"copy-{next(numbers)}")


@pytest.fixture
def db(open_warehouse: Callable[[], Database]) -> Database:
    return open_warehouse()
