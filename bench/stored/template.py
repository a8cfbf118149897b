"""Some hundred real orders, brought to their end in an estate of their own, and the pieces sold received again.

What is new in its databases since they were seeded is what an order leaves behind; copies of it are a history.
"""

import json
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from bench import client, orders
from bench.estate import Estate
from bench.invariants import Sold
from shared.values.clock import utc_now
from shared.values.money import Money

FIRST = 50_000_000
_CLIENTS = 8
Row = tuple[str, int, str]
"""Key, version and body."""
KEPT = {"account_totals", "invoice_series", "stock", "tier_reviews", "payout_runs", "checks", "seeded"}
"""Collections of totals and of the estate's own state: brought up to date or left as they are, never copied."""
_BROKER = "broker.db"


@dataclass
class Template:
    """A stopped estate's folder, the documents that its orders left by database and collection, and what was sold."""

    folder: Path
    count: int
    sold: Sold
    since: datetime
    until: datetime
    rows: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    events: list[tuple[str | None, ...]] = field(default_factory=list)
    """In the data warehouse, in the order of time, every column as text."""


def make(folder: Path, count: int) -> Template:
    """Run `count` orders in `folder`, which is empty, and read what they left. RuntimeError if one went wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    with Estate(data=folder) as estate:
        estate.await_idle(60)
        before, since = _contents(folder), utc_now()
        load = orders.requests(estate.host, estate.token("gke-checkout"), FIRST, count)
        outcome = client.run(estate.port, load, _CLIENTS)
        answers = [json.loads(each) for each in outcome.bodies]
        sold = Sold.of([each for each in answers if each.get("status") == "confirmed"])
        if len(sold.ids) != count:
            raise RuntimeError(f"{count - len(sold.ids)} of {count} orders were not confirmed")
        estate.await_idle(120 + count)
        _restock(estate)
        estate.await_idle(60)
    template = Template(folder, count, sold, since, utc_now())
    for name, tables in _contents(folder).items():
        template.rows[name] = {
            table: _new(name, table, rows, before.get(name, {}).get(table, {}))
            for table, rows in tables.items()
            if table not in KEPT
        }
    template.events = _events(folder, since)
    return template


def copy_of(folder: Path, to: Path) -> None:
    """Copy a stopped estate's files; pipes and sockets are made anew when it starts."""
    for path in folder.rglob("*"):
        own = to / path.relative_to(folder)
        if path.is_dir():
            own.mkdir(parents=True, exist_ok=True)
        elif path.is_file():
            own.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, own)


def databases(folder: Path) -> Iterator[Path]:
    """Return the files of documents: every service's, and the sandboxes' of outside parties."""
    yield from (path for path in sorted(folder.glob("*.db")) if path.name != _BROKER)


def _events(folder: Path, since: datetime) -> list[tuple[str | None, ...]]:
    columns = "id, type, source, subject, strftime(time, '%Y-%m-%dT%H:%M:%S.%fZ'), order_id, trace_id, data::VARCHAR"
    with duckdb.connect(str(folder / "analytics.duckdb"), read_only=True) as store:
        asked = f"SELECT {columns} FROM events WHERE time >= ? ORDER BY time"
        return store.execute(asked, [since.replace(tzinfo=None)]).fetchall()


def spread(now: datetime, longest: timedelta = timedelta(days=150)) -> timedelta:
    """Return how far the history reaches back: not into another year, whose invoices are another series."""
    return min(longest, max(now - now.replace(month=1, day=2, hour=0, minute=0), timedelta(hours=1)))


def _contents(folder: Path) -> dict[str, dict[str, dict[str, Row]]]:
    found: dict[str, dict[str, dict[str, Row]]] = defaultdict(dict)
    for path in databases(folder):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as link:
            names = link.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'outbox'").fetchall()
            for (name,) in names:
                rows = link.execute(f'SELECT key, version, body FROM "{name}"').fetchall()
                found[path.name][name] = {row[0]: row for row in rows}
        link.close()
    return found


def _new(database: str, table: str, rows: dict[str, Row], before: dict[str, Row]) -> list[Row]:
    changed = [key for key, row in rows.items() if key in before and row != before[key]]
    if changed:
        raise RuntimeError(f"{database}: orders change {table} {changed[0]}; nothing says what copies of them would do")
    return [row for key, row in sorted(rows.items()) if key not in before]


def _restock(estate: Estate) -> None:
    """Receive what was sold at the same cost, so that a copy of everything leaves pieces and value as they are."""
    left: Counter[tuple[str, str]] = Counter()
    value: Counter[tuple[str, str]] = Counter()
    with sqlite3.connect(f"file:{estate.data / 'inventory.db'}?mode=ro", uri=True) as link:
        for (body,) in link.execute("SELECT body FROM movements"):
            moved = json.loads(body)
            if moved["delta"] < 0 and moved["state"] == "sellable":
                left[moved["sku"], moved["location"]] -= moved["delta"]
                value[moved["sku"], moved["location"]] -= moved["value_minor"]
    link.close()
    for (sku, location), quantity in left.items():
        each, rest = divmod(value[sku, location], quantity)
        if rest:
            raise RuntimeError(f"{sku} left {location} at more than one cost")
        cost = Money("USD", each).as_json()
        received = {"sku": sku, "location": location, "quantity": quantity, "unit_cost": cost}
        estate.send("POST", "/inventory/receipts", received, **{"Idempotency-Key": f"bench-{sku}-{location}"})
