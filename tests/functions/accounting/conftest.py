"""A fresh database of accounting."""

from collections.abc import Callable

import pytest

from shared.storage import Database


@pytest.fixture
def db(database_of: Callable[[str], Database]) -> Database:
    return database_of("accounting")
