"""A fresh database of data_warehouse and an analytical store of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.analytics import AnalyticalStore
from shared.analytics.duckdb import DuckDbStore
from shared.storage import Database


@pytest.fixture
def db(database_of: Callable[[str], Database]) -> Database:
    return database_of("data_warehouse")


@pytest.fixture
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnalyticalStore]:
    if getattr(request, "param", "duckdb") == "bigquery":
        yield request.getfixturevalue("open_bigquery")()
        return
    store = DuckDbStore(tmp_path / "analytics.duckdb")
    yield store
    store.close()
