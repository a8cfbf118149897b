"""A fresh database of warehouse, and what was emitted from it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shared.events import Envelope
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase


@pytest.fixture
def open_warehouse(tmp_path: Path) -> Iterator[Callable[[], SqliteDatabase]]:
    instance = LocalInstance(tmp_path / "instances")
    opened: list[SqliteDatabase] = []

    def open_one() -> SqliteDatabase:
        path = tmp_path / f"warehouse-{len(opened)}.db"
        opened.append(SqliteDatabase(path, "warehouse", instance))
        return opened[-1]

    yield open_one
    for database in opened:
        database.close()
    instance.close()


@pytest.fixture
def db(open_warehouse: Callable[[], SqliteDatabase]) -> SqliteDatabase:
    return open_warehouse()


@pytest.fixture
def emitted() -> Callable[[SqliteDatabase], list[Envelope]]:
    def read(database: SqliteDatabase) -> list[Envelope]:
        return [
            Envelope.model_validate_json(body)
            for (body,) in database.file.read("SELECT body FROM outbox ORDER BY rowid")
        ]

    return read
