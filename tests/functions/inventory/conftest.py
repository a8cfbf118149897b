from collections.abc import Callable
from datetime import datetime

import pytest

from functions.inventory.ledger import LEDGER
from functions.inventory.seed import seed
from shared.storage import Database


@pytest.fixture
def db(database_of: Callable[[str], Database], now: datetime) -> Database:
    """Opening stock, and a process that remembers nothing of another test's shards."""
    LEDGER.known_shards.clear()
    opened = database_of("inventory")
    opened.transact(lambda tx: seed(tx, now))
    return opened
