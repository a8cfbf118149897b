"""An order's spans as one tree each trace: requests and calls, the events that they emitted, their deliveries."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from shared.hosts.local.effects.lines import Line
from shared.manifest import Manifest
from shared.messaging.embedded.delivery import ACKNOWLEDGING, micros, moment
from shared.telemetry.about import APPLIED, IN_DOUBT
from shared.values.clock import rfc3339

Body = dict[str, Any]
REQUEST, SCHEDULE, CALL, EVENT, DELIVERY = "request", "schedule", "call", "event", "delivery"
_REFUSED = 400


def event_span(event_id: str) -> str:
    """Return the span id of an event: it has none of its own on the way, its deliveries are below its emitter's."""
    return hashlib.sha256(event_id.encode()).hexdigest()[:16]


def spans_of(lines: Iterable[Line], events: Iterable[Body], manifest: Manifest) -> list[Body]:
    """Return every span below its parent, siblings in the order of time, with its `depth`; times in milliseconds.

    `parent_id` is None for what began a trace; a parent that was not recorded, the caller's own say, is
    `remote_parent_id`.
    """
    cloud = {name: "azure" if row.runs_on == "azure_functions" else "google" for name, row in manifest.services.items()}
    found = [*map(_of_line, lines), *map(_of_event, events)]
    ids = {span["span_id"] for span in found}
    for span in found:
        above = span.pop("above")
        span["parent_id"] = above if above in ids else None
        span["remote_parent_id"] = above if above and above not in ids else None
        span["cloud"] = cloud.get(span["service"], "google")
    return _in_order(found)


def _of_line(line: Line) -> Body:
    kind = _kind(line)
    name = {
        CALL: f"call of {line.get('called')}",
        DELIVERY: f"{line.get('type', '')} to {line['route'].rpartition('/')[2]}",
        SCHEDULE: line["route"].rpartition("/")[2],
    }.get(kind, f"{line['method']} {line['route']}")
    span = {
        "trace_id": line["trace"],
        "span_id": line["span"],
        "above": event_span(line["event"]) if line.get("event") else line.get("parent"),
        "kind": kind,
        "name": name,
        "service": line["service"],
        "started_at": rfc3339(moment(line["at"])),
        "duration_ms": line["ms"],
        "status": line["status"],
        "outcome": _outcome(line, kind),
    }
    if kind == DELIVERY:
        span |= {name: line.get(name) for name in ("subscription", "attempt")} | {"event_id": line.get("event")}
    return span


def _kind(line: Line) -> str:
    if "subscription" in line:
        return DELIVERY
    if "called" in line:
        return CALL
    return SCHEDULE if line["route"].startswith("/schedules/") else REQUEST


def _outcome(line: Line, kind: str) -> str:
    if kind == DELIVERY and line["status"] in ACKNOWLEDGING:
        return str(line.get("effect", APPLIED))
    if line.get("effect") == IN_DOUBT:
        return IN_DOUBT
    return str(line.get("code", "failed")) if line["status"] >= _REFUSED or "code" in line else "ok"


def _of_event(event: Body) -> Body:
    return {
        "trace_id": event["trace_id"],
        "span_id": event_span(event["event_id"]),
        "above": event["emitted_by"],
        "kind": EVENT,
        "name": event["type"],
        "service": event["service"],
        "started_at": event["published_at"],
        "duration_ms": 0.0,
        "status": None,
        "outcome": "published",
        "event_id": event["event_id"],
    }


def _in_order(spans: list[Body]) -> list[Body]:
    below: dict[str | None, list[Body]] = defaultdict(list)
    for span in sorted(spans, key=lambda each: (each["started_at"], -each["duration_ms"])):
        below[span["parent_id"]].append(span)
    began = min((span["started_at"] for span in spans), default="")
    found: list[Body] = []

    def add(span: Body, depth: int) -> None:
        found.append(span | {"depth": depth, "offset_ms": _between(began, span["started_at"])})
        for each in below[span["span_id"]]:
            add(each, depth + 1)

    for root in below[None]:
        add(root, 0)
    return found


def _between(began: str, at: str) -> float:
    return (micros(datetime.fromisoformat(at)) - micros(datetime.fromisoformat(began))) / 1000


def traces_of(spans: Iterable[Body]) -> list[Body]:
    """Return what began each trace, the order's own first; the others are linked to it.

    A trace is `unbroken` if it has one beginning, and that is no delivery and no event.
    """
    by_trace: dict[str, list[Body]] = defaultdict(list)
    for span in spans:
        by_trace[span["trace_id"]].append(span)
    found = [_trace(trace, each) for trace, each in by_trace.items()]
    return sorted(found, key=lambda each: str(each["started_at"]))


def _trace(trace_id: str, spans: list[Body]) -> Body:
    roots = [span for span in spans if span["parent_id"] is None]
    first = roots[0]
    return {
        "trace_id": trace_id,
        "root_span_id": first["span_id"],
        "root": first["name"],
        "service": first["service"],
        "kind": first["kind"],
        "started_at": first["started_at"],
        "spans": len(spans),
        "unbroken": len(roots) == 1 and first["kind"] not in (EVENT, DELIVERY),
    }
