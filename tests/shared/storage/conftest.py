import secrets
from collections.abc import Callable, Iterator

import pytest

from shared.storage.firestore_wire import FirestoreWire


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
