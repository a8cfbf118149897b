"""Fresh databases of crm."""

from collections.abc import Callable
from itertools import count

import pytest

from shared.storage import Database


@pytest.fixture
def open_crm(database_of: Callable[..., Database]) -> Callable[[], Database]:
    """`open_crm()`: another empty database each time."""
    numbers = count()
    return lambda: database_of("crm", f"copy-{next(numbers)}")


@pytest.fixture
def db(open_crm: Callable[[], Database]) -> Database:
    return open_crm()
