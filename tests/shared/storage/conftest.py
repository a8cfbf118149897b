import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.storage.firestore import FirestoreDatabase
from shared.storage.firestore_wire import FirestoreWire
from shared.storage.instances import LeasedInstance


@pytest.fixture
def open_wire(firestore_emulator: str) -> Iterator[Callable[[], FirestoreWire]]:
    """Opens another channel to the test's own database."""
    name = f"t-{secrets.token_hex(8)}"
    opened: list[FirestoreWire] = []

    def open_one() -> FirestoreWire:
        opened.append(FirestoreWire("local", name, firestore_emulator))
        return opened[-1]

    yield open_one
    for wire in opened:
        wire.close()


@pytest.fixture
def wire(open_wire: Callable[[], FirestoreWire]) -> FirestoreWire:
    return open_wire()


@pytest.fixture
def open_database(open_wire: Callable[[], FirestoreWire]) -> Callable[..., FirestoreDatabase]:
    def open_one(instance: str = "run-1", wire: FirestoreWire | None = None, **more: Any) -> FirestoreDatabase:
        return FirestoreDatabase(wire or open_wire(), "inventory", LeasedInstance(instance), **more)

    return open_one


@pytest.fixture
def database(open_database: Callable[..., FirestoreDatabase]) -> FirestoreDatabase:
    return open_database()
