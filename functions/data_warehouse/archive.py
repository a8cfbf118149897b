"""The archive: every event that was ever loaded, given back as it was published, in the order of time.

Told apart by its id. What the store does not keep is made again: the schema from the event's class, and of the trace
its id, with a span of the event's own.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from shared.analytics import AnalyticalStore
from shared.errors import Invalid
from shared.events import Envelope, event_class
from shared.storage.content import Content
from shared.values.clock import rfc3339

_COLUMNS = "id, type, source, subject, time, day, order_id, trace_id, data"
_AT_ONCE = 2000
"""Rows in one question."""


@dataclass(frozen=True)
class Wanted:
    """Which events: all conditions that are there must hold; both bounds of time are inclusive."""

    order_id: str | None = None
    type: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(store: AnalyticalStore, wanted: Wanted, cursor: str | None, limit: int) -> tuple[list[Envelope], str | None]:
    """Return events and where the next page begins, None at the end; Invalid for a cursor that is none of this list."""
    rows = _rows(store, wanted, _after(cursor), limit + 1)
    events = [_envelope(row) for row in rows[:limit]]
    return events, f"{rfc3339(events[-1].time)}~{events[-1].id}" if len(rows) > limit else None


def content(store: AnalyticalStore) -> Content:
    """Return what identifies the content of the archive: every column of every row."""
    found, after = Content(), None
    while rows := _rows(store, Wanted(), after, _AT_ONCE):
        for row in rows:
            kept = {**row, "time": rfc3339(row["time"]), "day": row["day"].isoformat(), "data": _data(row)}
            found.add("events", row["id"], kept)
        after = rows[-1]["time"], rows[-1]["id"]
    return found


def _rows(
    store: AnalyticalStore, wanted: Wanted, after: tuple[datetime, str] | None, limit: int
) -> list[dict[str, Any]]:
    at, event_id = after or (None, None)
    conditions: list[tuple[str, dict[str, Any]]] = [
        ("(order_id = @order_id OR subject = @order_id)", {"order_id": wanted.order_id}),
        ("type = @type", {"type": wanted.type}),
        ("time >= @since", {"since": wanted.since}),
        ("time <= @until", {"until": wanted.until}),
        ("(time > @at OR (time = @at AND id > @event_id))", {"at": at, "event_id": event_id}),
    ]
    asked = {text: given for text, given in conditions if None not in given.values()}
    where = " AND ".join(["TRUE", *asked])
    sql = f"SELECT {_COLUMNS} FROM events WHERE {where} ORDER BY time, id LIMIT {limit:d}"  # noqa: S608  (constants)
    return store.query(sql, {name: value for given in asked.values() for name, value in given.items()})


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    if cursor is None:
        return None
    at, _, event_id = cursor.partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not event_id:
        raise Invalid(("cursor", "expected the next_cursor of a page of this list"))
    return moment, event_id


def _data(row: dict[str, Any]) -> Any:
    return orjson.loads(row["data"]) if isinstance(row["data"], str) else row["data"]


def _envelope(row: dict[str, Any]) -> Envelope:
    trace = row["trace_id"]
    try:
        schema = event_class(row["type"]).dataschema()
    except LookupError:  # everything is kept, also what nobody here publishes
        schema = f"https://schemas.online-boutique.example/{row['type']}/v1"
    span = sha256(row["id"].encode()).hexdigest()[:16]
    return Envelope(
        **{name: row[name] for name in ("id", "type", "source", "subject", "time")},
        dataschema=schema,
        traceparent=f"00-{trace}-{span}-01" if trace else None,
        data=_data(row),
    )
