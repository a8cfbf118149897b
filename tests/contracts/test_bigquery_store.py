"""The contract of the analytical store on BigQuery: Google's own client against an emulator."""

from collections.abc import Callable, Iterator

import pytest

from shared.analytics import AnalyticalStore
from shared.analytics.bigquery import BigQueryStore
from tests.contracts.analytical_store import AnalyticalStoreContract


class TestBigQuery(AnalyticalStoreContract):
    @pytest.fixture
    def store(self, open_bigquery: Callable[[], BigQueryStore]) -> Iterator[AnalyticalStore]:
        return open_bigquery()

    @pytest.fixture
    def another(self, open_bigquery: Callable[[], BigQueryStore], store: AnalyticalStore) -> AnalyticalStore:
        return open_bigquery()
