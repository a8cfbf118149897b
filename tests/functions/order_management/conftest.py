"""Fresh databases of order_management."""

from collections.abc import Callable
from itertools import count

import pytest

from shared.storage import Database


@pytest.fixture
def open_orders(database_of: Callable[..., Database]) -> Callable[[], Database]:
    """`open_orders()`: another empty database each time."""
    numbers = count()
    return lambda: database_of("order_management", f"copy-{next(numbers)}")


@pytest.fixture
def db(open_orders: Callable[[], Database]) -> Database:
    return open_orders()
