"""The Firestore adapter keeps the Database contract, on Google's emulator."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from shared.storage.database import Database
from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_wire import FirestoreWire
from shared.storage.instances import LocalInstance
from shared.values.clock import utc_now
from tests.contracts.database.contract import DatabaseContract
from tests.contracts.database.kinds import OpenDatabase, sequence_of


class TestFirestoreDatabase(DatabaseContract):
    @pytest.fixture
    def open_database(self, tmp_path: Path, firestore_emulator: str) -> Iterator[OpenDatabase]:
        instance = LocalInstance(tmp_path / "instances")
        name = f"t-{secrets.token_hex(8)}"
        opened: list[FirestoreDatabase] = []

        def open_one(*, clock: Callable[[], datetime] = utc_now) -> Database:
            wire = FirestoreWire("local", name, firestore_emulator)
            opened.append(FirestoreDatabase(wire, "inventory", instance, clock=clock, sequence_of=sequence_of))
            return opened[-1]

        yield open_one
        for database in opened:
            database.close()
        instance.close()
