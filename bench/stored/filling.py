"""Writes copies of a template's documents into its own folder, each table in bulk, oldest copies first.

Indexes are made anew at the end; records that would have expired by now are left out, as their owners purge them.
Nothing is synced before the end: a filled folder that a power cut spoils is filled again.
"""

import json
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from bench.stored.renaming import Pattern, Tokens
from bench.stored.template import Row, Template, databases, spread
from shared.values.money import Money

_EXPIRING = {"idempotency_records", "handled_records"}
_FIELD, _NULL = "\x1f", "\x1e"
Account = tuple[str, str, str, str]
"""Entity, account, currency, period."""


@dataclass(frozen=True)
class Copy:
    """One copy: its number from 1, how far it lies in the past, and its names for the tokens."""

    number: int
    back: timedelta
    names: list[str]


@dataclass(frozen=True)
class _Originals:
    """One table's rows as patterns of key and body, and when those that expire do so."""

    name: str
    rows: list[tuple[Pattern, int, Pattern, datetime | None]]


def fill(template: Template, folder: Path, copies: int) -> None:
    """Add `copies` copies of what the template's orders left to `folder`: the template's, or a copy of it."""
    tokens = Tokens()
    tables = {
        name: [_patterns(tokens, table, rows) for table, rows in found.items()] for name, found in template.rows.items()
    }
    facts = [tokens.pattern(_FIELD.join(_NULL if each is None else each for each in row)) for row in template.events]
    reach = spread(template.until)
    order = [
        Copy(number, back, tokens.renamed(number, back, template.count))
        for number in range(copies, 0, -1)
        for back in [reach * number / copies]
    ]
    for path in databases(folder):
        with _bulk(path) as link:
            for table in tables.get(path.name, ()):
                _insert(link, table, order, template.until)
    _totals(template, folder, order)
    _raise_counters(folder, copies)
    _analytics(folder / "analytics.duckdb", facts, order)
    os.sync()


def _patterns(tokens: Tokens, table: str, rows: Iterable[Row]) -> _Originals:
    return _Originals(
        table,
        [
            (
                tokens.pattern(key),
                version,
                tokens.pattern(body),
                datetime.fromisoformat(json.loads(body)["expires_at"]) if table in _EXPIRING else None,
            )
            for key, version, body in rows
        ],
    )


class _bulk:  # noqa: N801  (reads as a function where it is used)
    """A connection that writes without journal, in one transaction, and leaves the file as it found it."""

    def __init__(self, path: Path) -> None:
        self._link = sqlite3.connect(path, isolation_level=None)

    def __enter__(self) -> sqlite3.Connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=FILE"):
            self._link.execute(f"PRAGMA {pragma}").fetchall()
        self._link.execute("BEGIN EXCLUSIVE")
        return self._link

    def __exit__(self, *_: object) -> None:
        self._link.execute("COMMIT")
        self._link.execute("PRAGMA journal_mode=WAL").fetchall()
        self._link.close()


def _insert(link: sqlite3.Connection, table: _Originals, copies: list[Copy], now: datetime) -> None:
    if not table.rows:
        return
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    indexes = link.execute(asked, (table.name,)).fetchall()
    for name, _ in indexes:
        link.execute(f'DROP INDEX "{name}"')
    insert = f'INSERT INTO "{table.name}" (key, version, body) VALUES (?, ?, ?)'
    link.executemany(insert, _written(table, copies, now))
    for _, sql in indexes:
        link.execute(sql)


def _written(table: _Originals, copies: list[Copy], now: datetime) -> Iterator[tuple[str, int, str]]:
    for copy in copies:
        for key, version, body, expires_at in table.rows:
            if expires_at is None or expires_at - copy.back > now:
                yield key.written(copy.names), version, body.written(copy.names)


def _totals(template: Template, folder: Path, copies: list[Copy]) -> None:
    """Add the copies' postings to the accounts' totals by month, and their invoices to the series."""
    entries = [json.loads(body) for _, _, body in template.rows["accounting.db"]["journal_entries"]]
    sums: Counter[tuple[Account, str]] = Counter()
    for copy in copies:
        for entry in entries:
            period = f"{datetime.fromisoformat(entry['occurred_at']) - copy.back:%Y-%m}"
            for posting in entry["postings"]:
                account = (entry["entity"], posting["account"], entry["currency"], period)
                for side in ("debit", "credit"):
                    sums[account, side] += Money.of(posting[side]["amount"], entry["currency"]).minor
    with _bulk(folder / "accounting.db") as link:
        for account in sorted({account for account, _ in sums}):
            _add_total(link, account, sums[account, "debit"], sums[account, "credit"])
        raised = "UPDATE invoice_series SET body = json_set(body, '$.last', json_extract(body, '$.last') * ?)"
        link.execute(raised, (len(copies) + 1,))


def _add_total(link: sqlite3.Connection, account: Account, debit: int, credit: int) -> None:
    entity, name, currency, period = account
    key = f"{entity}.{name}.{currency}.{period}.0"
    found = link.execute("SELECT body FROM account_totals WHERE key = ?", (key,)).fetchone()
    body = {
        **({"debit_minor": 0, "credit_minor": 0} if found is None else json.loads(found[0])),
        **{"schema_version": 1, "key": key, "entity": entity, "account": name, "currency": currency, "period": period},
    }
    body["debit_minor"] += debit
    body["credit_minor"] += credit
    upsert = "INSERT INTO account_totals (key, version, body) VALUES (?, 1, ?) ON CONFLICT (key) DO UPDATE SET body = ?"
    text = json.dumps(body, separators=(",", ":"))
    link.execute(upsert, (key, text, text))


def _raise_counters(folder: Path, copies: int) -> None:
    """Count the copies' deliveries, the way the broker remembers those that are done."""
    with _bulk(folder / "broker.db") as link:
        link.execute("UPDATE counters SET delivered = delivered * ?", (copies + 1,))


def _analytics(path: Path, facts: list[Pattern], copies: list[Copy]) -> None:
    types = dict.fromkeys(("id", "type", "source", "subject", "time", "order_id", "trace_id", "data"), "VARCHAR")
    read = (
        f"read_csv(?, delim='{_FIELD}', quote='', escape='', header=false, nullstr='{_NULL}', columns={types}, "
        "auto_detect=false, max_line_size=10000000)"
    )
    asked = f"SELECT id, type, source, subject, time::TIMESTAMP, time[:10]::DATE, order_id, trace_id, data FROM {read}"
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for copy in copies:
            file.writelines(f"{fact.written(copy.names)}\n" for fact in facts)
        file.flush()
        with duckdb.connect(str(path), config={"memory_limit": "1GB"}) as store:
            store.execute(f"INSERT INTO events {asked}", [file.name])
            store.execute("CHECKPOINT")
