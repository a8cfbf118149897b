"""The process that owns the analytical store: it opens the file and answers the others over a Unix socket.

Where the socket is and the key that proves who may speak lie in `analytics.owner` beside the data, readable by this
user only.
"""

import json
import os
import secrets
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from shared.analytics.duckdb import DuckDbStore
from shared.analytics.forwarding import ADDRESS_FILE
from shared.analytics.port import AnalyticalStore, QueryFailed
from shared.errors import Unavailable
from shared.settings import Settings

LONGEST_ADDRESS = 100  # bytes; Linux takes 107
_owned: dict[Path, tuple[int, DuckDbStore]] = {}


def owned(settings: Settings) -> AnalyticalStore | None:
    """Return the store if this very process owns it (a forked child does not)."""
    pid, store = _owned.get(settings.data.resolve(), (0, None))
    return store if pid == os.getpid() else None


def serve(settings: Settings) -> Callable[[], None]:
    """Own the store of this data folder and answer other processes in threads; returns what stops it all.

    Unavailable while another process owns it.
    """
    folder = settings.data.resolve()
    store = DuckDbStore(folder / "analytics.duckdb")
    _owned[folder] = (os.getpid(), store)
    door = _Door(store, folder / ADDRESS_FILE)

    def stop() -> None:
        door.close()
        _owned.pop(folder, None)
        store.close()

    return stop


class _Door:
    """Listens on a socket and serves each connection in a thread of its own."""

    def __init__(self, store: DuckDbStore, address_file: Path) -> None:
        self._store = store
        self._file = address_file
        self._address = _fresh_address(address_file)
        self._key = secrets.token_bytes(32)
        self._listener = Listener(self._address, family="AF_UNIX", backlog=64)
        self._open = True
        self._thread = threading.Thread(target=self._accept, name="analytics", daemon=True)
        self._thread.start()
        _write_private(address_file, json.dumps({"socket": self._address, "key": self._key.hex()}))

    def close(self) -> None:
        """Stop listening; requests that run are answered."""
        self._open = False
        Client(self._address, family="AF_UNIX").close()
        self._thread.join()
        self._listener.close()
        self._file.unlink(missing_ok=True)
        _remove_socket(self._address)

    def _accept(self) -> None:
        running: set[threading.Thread] = set()
        while self._open:
            connection = self._listener.accept()
            running = {thread for thread in running if thread.is_alive()}
            thread = threading.Thread(target=self._serve, args=(connection,), name="analytics-request", daemon=True)
            thread.start()
            running.add(thread)
        for thread in running:
            thread.join(timeout=10)

    def _serve(self, connection: "Connection[Any, Any]") -> None:
        with connection:
            try:
                deliver_challenge(connection, self._key)
                answer_challenge(connection, self._key)
                connection.send(self._answer(*connection.recv()))
            except (EOFError, OSError, AuthenticationError):
                return  # the other side went away, or may not speak here

    def _answer(self, what: str, *arguments: Any) -> tuple[str, Any]:
        try:
            return "ok", self._store.load(*arguments) if what == "load" else self._store.query(*arguments)
        except QueryFailed as error:
            return "failed", str(error)
        except Unavailable as error:
            return "unavailable", error.detail


def _fresh_address(address_file: Path) -> str:
    """Clear away what an owner that was killed left, and choose a path: they are limited to 107 bytes."""
    if address_file.is_file():
        _remove_socket(json.loads(address_file.read_text())["socket"])
    beside = address_file.with_suffix(".socket")
    if len(bytes(beside)) <= LONGEST_ADDRESS:
        beside.unlink(missing_ok=True)
        return str(beside)
    return str(Path(tempfile.mkdtemp(prefix="boutique-")) / "analytics.socket")


def _remove_socket(address: str) -> None:
    Path(address).unlink(missing_ok=True)
    if Path(address).parent.name.startswith("boutique-"):
        with suppress(OSError):
            Path(address).parent.rmdir()


def _write_private(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
