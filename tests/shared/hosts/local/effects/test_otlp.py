"""The spans in OTLP/JSON, held against OpenTelemetry's own schema; and the text."""

import base64
import json
from typing import Any

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status, TracesData

from shared.hosts.local.effects.answer import answer
from shared.http.request import Response
from tests.in_process import InProcess, basket


def asked(estate: InProcess, path: str, accept: str = "") -> Response:
    return answer(path, accept, estate.estate, estate.broker)


def order_of(estate: InProcess) -> str:
    order_id = str(estate.place(basket())[1]["order_id"])
    estate.deliver()
    for shipment in estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]:
        estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    return order_id


def in_base64(value: Any) -> Any:
    """Turn ids from hex, as OTLP/JSON has them, to base64, as protobuf's JSON reads bytes."""
    if isinstance(value, list):
        return [in_base64(each) for each in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    return {
        name: base64.b64encode(bytes.fromhex(each)).decode() if name in ids else in_base64(each)
        for name, each in value.items()
    }


def test_the_spans_are_what_opentelemetrys_schema_says(estate: InProcess) -> None:
    order_id = order_of(estate)
    report = json.loads(asked(estate, order_id).body)

    read = ParseDict(in_base64(json.loads(asked(estate, f"{order_id}/spans").body)), TracesData())

    spans = [span for each in read.resource_spans for scope in each.scope_spans for span in scope.spans]
    assert {span.span_id.hex() for span in spans} == {each["span_id"] for each in report["spans"]}
    assert all(len(span.trace_id) == 16 and len(span.span_id) == 8 for span in spans)
    assert all(0 < span.start_time_unix_nano <= span.end_time_unix_nano for span in spans)
    kinds = {span.name: span.kind for span in spans}
    assert kinds["POST /orders"] == Span.SPAN_KIND_SERVER
    assert kinds["order.confirmed"] == Span.SPAN_KIND_PRODUCER
    assert kinds["order.confirmed to plan_shipments"] == Span.SPAN_KIND_CONSUMER
    assert {span.status.code for span in spans} == {Status.STATUS_CODE_OK}
    resources = {
        each.resource.attributes[0].value.string_value: each.resource.attributes[1].value.string_value
        for each in read.resource_spans
    }
    assert (resources["checkout"], resources["fraud"]) == ("gcp", "azure")


def test_a_later_trace_is_linked_to_the_first(estate: InProcess) -> None:
    order_id = order_of(estate)
    report = json.loads(asked(estate, order_id).body)
    written = json.loads(asked(estate, f"{order_id}/spans").body)
    spans = [span for each in written["resourceSpans"] for scope in each["scopeSpans"] for span in scope["spans"]]

    linked = [span for span in spans if "links" in span]

    first = report["traces"][0]
    assert [span["name"] for span in linked] == ["POST /shipments/{shipment_id}/dispatch"]
    assert linked[0]["links"] == [{"traceId": first["trace_id"], "spanId": first["root_span_id"]}]


def test_people_read_it_as_text(estate: InProcess) -> None:
    order_id = order_of(estate)

    answered = asked(estate, order_id, "text/plain")

    lines = answered.body.decode().splitlines()
    assert answered.media_type == "text/plain; charset=utf-8"
    assert lines[0].startswith(f"order {order_id}, from 20")
    assert lines[1] == "16 events, 31 deliveries, 31 attempts, 31 applied"
    assert any(line.endswith("began with POST /orders of checkout") for line in lines)
    assert any(line.split()[-3:] == ["fraud", "azure", "ok"] for line in lines)
    assert max(map(len, lines)) <= 130
