"""Google's emulators for a test session: the one that runs already, or one started for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.hosts.local.emulators import Emulator, Started


@contextmanager
def emulated(emulator: Emulator, log: Path) -> Iterator[str]:
    """Give the address (host:port) of an emulator; one that is started here ends with the context."""
    if emulator.running:
        yield emulator.running
        return
    started = Started(emulator, log)
    try:
        started.wait()
        yield started.address
    finally:
        started.end()
