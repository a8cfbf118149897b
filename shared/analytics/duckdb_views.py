"""The typed tables of the embedded store: views over the one log of events, cast from its JSON by DuckDB."""

from collections.abc import Iterator
from functools import cache

import orjson

from shared.analytics.schema import Column, event_type, tables

_TYPES = {
    "STRING": "VARCHAR",
    "INT64": "BIGINT",
    "NUMERIC": "DECIMAL(20, 3)",
    "BOOL": "BOOLEAN",
    "TIMESTAMP": "TIMESTAMP",
    "DATE": "DATE",
    "JSON": "JSON",
}


@cache
def views() -> dict[str, str]:
    """Return the statement that makes or renews each view, by its name."""
    return dict(_statements())


def _statements() -> Iterator[tuple[str, str]]:
    for name, own in tables().items():
        structure = orjson.dumps({column.name: _structure(column) for column in own}).decode().replace("'", "''")
        picked = ", ".join(f'typed."{column.name}" AS "{column.name}"' for column in own)
        typed = f"SELECT id AS event_id, time, day, subject, trace_id, from_json(data, '{structure}') AS typed"
        rows = f"{typed} FROM events WHERE type = '{event_type(name)}'"
        columns = f"event_id, time, day, subject, trace_id, {picked}"
        yield name, f"CREATE OR REPLACE VIEW {name} AS SELECT {columns} FROM ({rows})"  # noqa: S608  (our own names)


def _structure(column: Column) -> object:
    inner: object = {field.name: _structure(field) for field in column.fields} if column.fields else _TYPES[column.kind]
    return [inner] if column.repeated else inner
