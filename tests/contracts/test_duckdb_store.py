"""The contract of the analytical store on DuckDB: in the owning process, and forwarded to it over its socket."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.analytics import AnalyticalStore
from shared.analytics.duckdb import DuckDbStore
from shared.analytics.forwarding import ForwardingStore
from shared.analytics.owner import serve
from shared.settings import Settings
from tests.contracts.analytical_store import AnalyticalStoreContract


class TestDuckDb(AnalyticalStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[AnalyticalStore]:
        store = DuckDbStore(tmp_path / "analytics.duckdb")
        yield store
        store.close()

    @pytest.fixture
    def another(self, store: AnalyticalStore) -> AnalyticalStore:
        return store


class TestForwarded(AnalyticalStoreContract):
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Iterator[Settings]:
        settings = Settings(data=tmp_path)
        stop = serve(settings)
        yield settings
        stop()

    @pytest.fixture
    def store(self, settings: Settings) -> AnalyticalStore:
        return ForwardingStore(settings.data)

    @pytest.fixture
    def another(self, settings: Settings) -> AnalyticalStore:
        return AnalyticalStore.connect(settings)
