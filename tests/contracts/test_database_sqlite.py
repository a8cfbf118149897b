"""The SQLite adapter keeps the Database contract."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from shared.storage.database import Database
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import utc_now
from tests.contracts.database.contract import DatabaseContract
from tests.contracts.database.kinds import OpenDatabase, sequence_of


class TestSqliteDatabase(DatabaseContract):
    @pytest.fixture
    def open_database(self, tmp_path: Path) -> Iterator[OpenDatabase]:
        instance = LocalInstance(tmp_path / "instances")
        opened: list[SqliteDatabase] = []

        def open_one(*, clock: Callable[[], datetime] = utc_now) -> Database:
            path = tmp_path / "inventory.sqlite"
            opened.append(SqliteDatabase(path, "inventory", instance, clock=clock, sequence_of=sequence_of))
            return opened[-1]

        yield open_one
        for database in opened:
            database.close()
        instance.close()
