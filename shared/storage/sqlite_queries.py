"""The SQL of a collection: one table of JSON bodies, an expression index per declared index, statements on them."""

# ruff: noqa: S608  (names are checked against a pattern or the model's fields, values are bound)

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.storage.documents import Document, Query, check_collection
from shared.storage.queries import Cursor, check_within, covering, known_field, stored
from shared.values.clock import rfc3339

Statement = tuple[str, list[Any]]
Conditions = list[tuple[str, Any]]

_LOWEST = float("-inf")  # after NULL and before every number and text: leaves out documents without an order value


class Table:
    """One kind of document in one SQLite file: its statements, written once per process.

    TypeError if the collection's name can't be a table or an index names no field.
    """

    def __init__(self, kind: type[Document]) -> None:
        check_collection(kind)
        self.kind = kind
        self.name = name = kind.collection
        self.definitions = {name: f'CREATE TABLE IF NOT EXISTS "{name}" {_COLUMNS}', **_index_definitions(kind)}
        self.get = f'SELECT version, body FROM "{name}" WHERE key = ?'
        self.version = f'SELECT version FROM "{name}" WHERE key = ?'
        self.insert = f'INSERT INTO "{name}" (version, body, key) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING'
        self.upsert = (
            f'INSERT INTO "{name}" (version, body, key) VALUES (?, ?, ?) '
            "ON CONFLICT (key) DO UPDATE SET version = excluded.version, body = excluded.body"
        )
        self.update = f'UPDATE "{name}" SET version = ?, body = ? WHERE key = ? AND version = ?'
        self.delete = f'DELETE FROM "{name}" WHERE key = ?'
        self.delete_version = f'DELETE FROM "{name}" WHERE key = ? AND version = ?'

    def get_many(self, keys: Sequence[str]) -> Statement:
        """Select (key, body) of these keys."""
        marks = ", ".join("?" * len(keys))
        return f'SELECT key, body FROM "{self.name}" WHERE key IN ({marks})', list(keys)

    def page(self, query: Query, cursor: Cursor | None) -> list[Statement]:
        """Select (key, body) of a query: the statements run in turn, each with the limit left as its last parameter.

        After a cursor it takes two: the rest of the documents with the same order value, then those beyond it. SQLite
        searches an expression index for each, which it can't for a comparison of row values.
        """
        source, matching = self._source(query)
        column = _column(self.kind, query.order_by)
        direction = "DESC" if query.descending else "ASC"
        statements = []
        for columns, within in _ranges(query, column, cursor):
            where, values = _where(matching + within)
            order = ", ".join(f"{name} {direction}" for name in columns)
            statements.append((f"SELECT key, body {source} {where} ORDER BY {order} LIMIT ?", values))
        return statements

    def totals(self, query: Query, sums: Sequence[str]) -> Statement:
        """Select the count of matching documents, then the sums of these fields; ValueError for an unknown field."""
        for field in sums:
            known_field(self.kind, field, ValueError)
        source, matching = self._source(query)
        if query.order_by is not None:
            matching += _within(query, _column(self.kind, query.order_by))
        where, values = _where(matching)
        columns = ", ".join(["count(*)", *(f"coalesce(sum({_extracted(field)}), 0)" for field in sums)])
        return f"SELECT {columns} {source} {where}", values

    def first_expired(self, now: datetime, limit: int = 1) -> Statement:
        """Select the keys of what lies longest before now; ValueError without a `ttl_field`."""
        field = self.kind.ttl_field
        if field is None:
            raise ValueError(f"{self.kind.__name__} has no ttl_field")
        source = f'FROM "{self.name}" INDEXED BY "{_index_name(self.name, (field,))}"'
        column = _column(self.kind, field)
        found = f"SELECT key {source} WHERE {column} >= ? AND {column} < ? ORDER BY {column} LIMIT ?"
        return found, [_LOWEST, rfc3339(now), limit]

    def expired(self, now: datetime, limit: int) -> Statement:
        """Delete up to `limit` of what lies before now."""
        found, bounds = self.first_expired(now, limit)
        return f'DELETE FROM "{self.name}" WHERE key IN ({found})', bounds

    def _source(self, query: Query) -> tuple[str, Conditions]:
        """Name the table and the index that must serve it, and the equalities."""
        index = covering(self.kind, dict(query.equals), query.order_by)
        forced = f' INDEXED BY "{_index_name(self.name, index.fields)}"' if index else ""
        equal = [
            (f"{_column(self.kind, field)} {'IS' if value is None else '='} ?", stored(value))
            for field, value in query.equals
        ]
        return f'FROM "{self.name}"{forced}', equal


_COLUMNS = "(key TEXT PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID"


def _index_definitions(kind: type[Document]) -> dict[str, str]:
    wanted = [index.fields for index in kind.indexes]
    if kind.ttl_field is not None and (kind.ttl_field,) not in wanted:
        wanted.append((kind.ttl_field,))
    definitions = {}
    for fields in wanted:
        for field in fields:
            known_field(kind, field, TypeError)
        columns = ", ".join([*(_column(kind, field) for field in fields if field != kind.key_field), "key"])
        name = _index_name(kind.collection, fields)
        definitions[name] = f'CREATE INDEX IF NOT EXISTS "{name}" ON "{kind.collection}" ({columns})'
    return definitions


def _index_name(collection: str, fields: Sequence[str]) -> str:
    return f"{collection}({','.join(fields)})"


def _column(kind: type[Document], field: str | None) -> str:
    return "key" if field is None or field == kind.key_field else _extracted(field)


def _extracted(field: str) -> str:
    return f"json_extract(body, '$.{field}')"


def _where(conditions: Conditions) -> Statement:
    if not conditions:
        return "", []
    return "WHERE " + " AND ".join(sql for sql, _ in conditions), [value for _, value in conditions]


def _within(query: Query, column: str) -> Conditions:
    """Bound a column: the lower bound always (so that SQLite searches), then the upper one if there is one."""
    lowest = "" if column == "key" else _LOWEST
    bounds = [(f"{column} >= ?", lowest if query.since is None else stored(query.since))]
    if query.until is not None:
        bounds.append((f"{column} <= ?", stored(query.until)))
    return bounds


def _ranges(query: Query, column: str, cursor: Cursor | None) -> list[tuple[list[str], Conditions]]:
    """Cut a query into ranges of an index: for each the columns that order it (none with a fixed value), its bounds."""
    within = _within(query, column)
    order = [column] if column == "key" else [column, "key"]
    if cursor is None:
        return [(order, within)]
    step, ahead = ("<", within[:1]) if query.descending else (">", within[1:])
    if column == "key":
        check_within(query, cursor.key)
        return [(order, [(f"key {step} ?", cursor.key), *ahead])]
    check_within(query, cursor.value)
    ties = [(f"{column} = ?", cursor.value), (f"key {step} ?", cursor.key)]
    return [(["key"], ties), (order, [(f"{column} {step} ?", cursor.value), *ahead])]
