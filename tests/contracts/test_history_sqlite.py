"""Fraud's history in SQLite keeps the history's contract."""

from collections.abc import Callable
from pathlib import Path

import pytest

from functions.fraud.history import History
from functions.fraud.sqlite_history import SqliteHistory
from shared.settings import Settings
from shared.storage import Database
from shared.storage.connect import close_all
from tests.contracts.history import HistoryContract


class TestSqliteHistory(HistoryContract):
    @pytest.fixture
    def history(self, database_of: Callable[[str], Database]) -> History:
        return SqliteHistory(database_of("fraud"))


def test_is_what_this_process_connects_to(tmp_path: Path) -> None:
    try:
        assert isinstance(History.connect(Settings(data=tmp_path)), SqliteHistory)
    finally:
        close_all()
    assert (tmp_path / "fraud.db").is_file()
