from collections.abc import Callable
from datetime import datetime

import pytest

from functions.furniture.seed import seed
from shared.storage import Database


@pytest.fixture
def db(database_of: Callable[[str], Database], now: datetime) -> Database:
    """A furniture with its opening stock."""
    opened = database_of("furniture")
    opened.transact(lambda tx: seed(tx, now))
    return opened
