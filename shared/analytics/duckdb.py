"""The adapter over one DuckDB file, which one process owns at a time.

Rows are appended in batches: the columns of a batch travel as lists, which costs 13 µs a row where `executemany` costs
700. Ids that are there already are looked for among the rows of the batch's span of time only, so a load stays as fast
in a large store.
"""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import orjson
from sqlglot.errors import SqlglotError

from shared.analytics.dialect import UnsafeConstruct, duckdb_sql
from shared.analytics.duckdb_views import views
from shared.analytics.port import AnalyticalStore, QueryFailed, Row
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage.guard import leaving

_TABLE = """
CREATE TABLE IF NOT EXISTS events (
    id VARCHAR NOT NULL, type VARCHAR NOT NULL, source VARCHAR NOT NULL, subject VARCHAR NOT NULL,
    time TIMESTAMP NOT NULL, day DATE NOT NULL, order_id VARCHAR, trace_id VARCHAR, data JSON NOT NULL
)
"""
_APPEND = """
INSERT INTO events
SELECT * FROM (
    SELECT unnest($1) AS id, unnest($2) AS type, unnest($3) AS source, unnest($4) AS subject,
           unnest($5::TIMESTAMP[]) AS time, unnest($6::DATE[]) AS day,
           unnest($7::VARCHAR[]) AS order_id, unnest($8::VARCHAR[]) AS trace_id, unnest($9) AS data
) AS batch
WHERE batch.id NOT IN (SELECT id FROM events WHERE time BETWEEN $10 AND $11)
"""


class DuckDbStore(AnalyticalStore):
    """The store over the file `path`, made if it is missing. Threads may share it; loads take turns."""

    def __init__(self, path: Path, threads: int = 2) -> None:
        """Open the file; Unavailable while another process owns it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = duckdb.connect(str(path), config={"threads": threads, "memory_limit": "512MB"})
        except duckdb.IOException as error:
            raise Unavailable(f"the analytical store {path.name} is owned by another process") from error
        self._connection.execute(_TABLE)
        self._loading = threading.Lock()
        self._views: set[str] = set()

    def load(self, events: Sequence[Envelope]) -> int:
        """Append in one commit; see the port."""
        leaving("rows for the analytical store")
        if not events:
            return 0
        rows = [_row(event) for event in {event.id: event for event in events}.values()]
        columns = [list(column) for column in zip(*rows, strict=True)]
        times = columns[4]
        with self._loading, self._connection.cursor() as cursor:
            try:
                counted = cursor.execute(_APPEND, [*columns, min(times), max(times)]).fetchone()
            except duckdb.Error as error:
                raise Unavailable(f"the analytical store did not take the rows: {error}") from error
        return int(counted[0]) if counted else 0

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Translate and ask; see the port."""
        given = {name: _naive(value) for name, value in (parameters or {}).items()}
        try:
            with self._connection.cursor() as cursor:
                self._make_views(sql)
                cursor.execute(duckdb_sql(sql), given)
                names = [column[0] for column in cursor.description or ()]
                return [dict(zip(names, map(_aware, row), strict=True)) for row in cursor.fetchall()]
        except (duckdb.Error, SqlglotError, UnsafeConstruct) as error:
            raise QueryFailed(str(error)) from error

    def _make_views(self, sql: str) -> None:
        """Make or renew the typed tables that a question names, once in a process: all take 0.2 s."""
        with self._loading:
            for name in {table for table in views() if table in sql} - self._views:
                self._connection.execute(views()[name])
                self._views.add(name)

    def close(self) -> None:
        """Close the file; another process may own it then."""
        self._connection.close()


_StoredRow = tuple[str, str, str, str, datetime, date, str | None, str | None, str]


def _row(event: Envelope) -> _StoredRow:
    moment = event.time.astimezone(UTC).replace(tzinfo=None)
    order_id = event.data.get("order_id")
    return (
        event.id,
        event.type,
        event.source,
        event.subject,
        moment,
        moment.date(),
        order_id if isinstance(order_id, str) else None,
        event.traceparent.split("-")[1] if event.traceparent and event.traceparent.count("-") == 3 else None,
        orjson.dumps(event.data).decode(),
    )


def _naive(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
