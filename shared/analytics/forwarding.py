"""The adapter of every process that doesn't own the store: it asks the owner over its Unix socket."""

import json
from collections.abc import Mapping, Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection
from pathlib import Path
from typing import Any

from shared.analytics.port import AnalyticalStore, QueryFailed, Row
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage.guard import leaving

ADDRESS_FILE = "analytics.owner"


class ForwardingStore(AnalyticalStore):
    """Forwards each request on a connection of its own; Unavailable when there is no owner or it stays silent."""

    def __init__(self, data: Path, timeout_s: float = 50.0) -> None:
        """Take the folder in which the owner leaves its address, and how long to wait for an answer."""
        self._file = data / ADDRESS_FILE
        self._timeout_s = timeout_s

    def load(self, events: Sequence[Envelope]) -> int:
        """Let the owner load."""
        leaving("rows for the analytical store")
        return int(self._ask("load", list(events))) if events else 0

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Let the owner ask."""
        rows: list[Row] = self._ask("query", sql, dict(parameters or {}))
        return rows

    def close(self) -> None:
        """Nothing stays open between requests."""

    def _ask(self, *request: Any) -> Any:
        try:
            with self._connect() as connection:
                connection.send(request)
                if not connection.poll(self._timeout_s):
                    raise Unavailable(f"the owner of the analytical store did not answer within {self._timeout_s:g} s")
                outcome, result = connection.recv()
        except (OSError, EOFError, AuthenticationError) as error:
            raise Unavailable("no process owns the analytical store at present") from error
        if outcome == "ok":
            return result
        raise QueryFailed(result) if outcome == "failed" else Unavailable(result)

    def _connect(self) -> "Connection[Any, Any]":
        address = json.loads(self._file.read_text())
        return Client(address["socket"], family="AF_UNIX", authkey=bytes.fromhex(address["key"]))
