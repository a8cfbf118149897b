"""The report of one order's effects, from the recorded lines, the rows and the broker."""

from collections.abc import Iterable
from typing import Any

from shared.errors import NotFound
from shared.hosts.local.desk import Desk
from shared.hosts.local.effects.deliveries import Events, Letters, counted, events_of
from shared.hosts.local.effects.lines import Line, of_order
from shared.hosts.local.effects.tree import spans_of, traces_of
from shared.manifest import Manifest
from shared.telemetry.about import DEAD

Body = dict[str, Any]
_UNSETTLED = ("retrying", DEAD)
_MOST_LETTERS = 1000


def report(order_id: str, lines: list[Line], manifest: Manifest, desk: Desk | None = None) -> Body:
    """Return the report; NotFound if nothing was recorded of the order. Without a desk nothing is asked of a broker."""
    rows = Events(manifest)
    waiting = desk.undelivered(order_id) if desk else []
    if not lines and not waiting:
        raise NotFound(f"nothing is recorded of {order_id}; the last 256 MB of recordings are kept")
    events = events_of(lines, rows, {}, waiting)
    if desk and any(each["state"] in _UNSETTLED for event in events for each in event["deliveries"]):
        events = events_of(lines, rows, _letters(desk), waiting)
    spans = spans_of(lines, events, manifest)
    traces = traces_of(spans)
    return {
        "order_id": order_id,
        "trace_id": traces[0]["trace_id"],
        "unbroken": all(each["unbroken"] for each in traces),
        "started_at": min(span["started_at"] for span in spans),
        "duration_ms": round(max(span["offset_ms"] + span["duration_ms"] for span in spans), 3),
        "counts": {"events": len(events), **counted(events)},
        "traces": traces,
        "events": events,
        "spans": spans,
    }


def report_of_log(order_id: str, lines: Iterable[Line], manifest: Manifest) -> Body:
    """Return the report from log entries alone; NotFound if none is of the order."""
    return report(order_id, of_order(lines, order_id), manifest)


def _letters(desk: Desk) -> Letters:
    return {(each["subscription"], each["event_id"]): each for each in desk.dead_letters(_MOST_LETTERS)}
