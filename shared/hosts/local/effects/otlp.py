"""A report's spans in OTLP/JSON, which every OpenTelemetry collector takes (its file receiver, or POST /v1/traces).

https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding: ids are hex, times nanoseconds as text, kinds and
statuses numbers. What began later than the order's own trace is linked to it.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any

from shared.hosts.local.effects.tree import CALL, DELIVERY, EVENT, REQUEST, SCHEDULE
from shared.messaging.embedded.delivery import micros

Body = dict[str, Any]
_INTERNAL, _SERVER, _CLIENT, _PRODUCER, _CONSUMER = 1, 2, 3, 4, 5
_KIND = {REQUEST: _SERVER, SCHEDULE: _INTERNAL, CALL: _CLIENT, EVENT: _PRODUCER, DELIVERY: _CONSUMER}
_OK, _ERROR = 1, 2
_FINE = ("ok", "published", "applied", "suppressed", "kept", "unwanted")
_SAMPLED = 0x101
"""Trace flags: sampled (1), and the parent is known not to be remote (0x100)."""


def otlp(report: Body) -> Body:
    """Return the report's spans, by service."""
    root = report["traces"][0]
    by_service: dict[tuple[str, str], list[Body]] = defaultdict(list)
    for span in report["spans"]:
        by_service[span["service"], span["cloud"]].append(_span(span, root, report["order_id"]))
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": _attributes({"service.name": service, "cloud.provider": _provider(cloud)})},
                "scopeSpans": [{"scope": {"name": "online-boutique.effects"}, "spans": spans}],
            }
            for (service, cloud), spans in by_service.items()
        ]
    }


def _span(span: Body, root: Body, order_id: str) -> Body:
    start = micros(datetime.fromisoformat(span["started_at"])) * 1000
    said = {
        "boutique.order_id": order_id,
        "boutique.outcome": span["outcome"],
        "http.response.status_code": span["status"] or None,
        "messaging.message.id": span.get("event_id"),
        "messaging.destination.subscription.name": span.get("subscription"),
        "boutique.delivery_attempt": span.get("attempt"),
    }
    fine = span["outcome"] in _FINE
    written = {
        "traceId": span["trace_id"],
        "spanId": span["span_id"],
        "flags": _SAMPLED,
        "name": span["name"],
        "kind": _KIND[span["kind"]],
        "startTimeUnixNano": str(start),
        "endTimeUnixNano": str(start + round(span["duration_ms"] * 1e6)),
        "attributes": _attributes({name: value for name, value in said.items() if value is not None}),
        "status": {"code": _OK} if fine else {"code": _ERROR, "message": span["outcome"]},
    }
    if above := span["parent_id"] or span["remote_parent_id"]:
        written["parentSpanId"] = above
    elif span["trace_id"] != root["trace_id"]:
        written["links"] = [{"traceId": root["trace_id"], "spanId": root["root_span_id"]}]
    return written


def _attributes(said: Body) -> list[Body]:
    return [
        {"key": name, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": value}}
        for name, value in said.items()
    ]


def _provider(cloud: str) -> str:
    return {"google": "gcp"}.get(cloud, cloud)
