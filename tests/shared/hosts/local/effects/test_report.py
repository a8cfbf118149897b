"""The report of an order's effects, made of what an estate in this process recorded."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import NotFound
from shared.hosts.local.effects.answer import answer
from shared.manifest import manifest
from tests.in_process import Crash, InProcess, basket

Report = Callable[[str], dict[str, Any]]


def placed(estate: InProcess, **changes: Any) -> str:
    status, body = estate.place(basket(**changes))
    assert status == 201, body
    return str(body["order_id"])


def by_subscription(report: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    [event] = [each for each in report["events"] if each["type"] == kind]
    return {each["subscription"].rpartition(".")[0]: each for each in event["deliveries"]}


def test_a_plain_orders_first_trace_holds_every_call_event_and_delivery(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)
    estate.deliver()

    told = report(order_id)

    assert {each["type"] for each in told["events"]} == {
        *("order.confirmed", "customer.registered", "inventory.reserved", "payment.authorized"),
        *("invoice.drafted", "notification.sent", "fraud.scored", "shipment.planned"),
    }
    counts = told["counts"]
    assert (counts["events"], counts["deliveries"], counts["attempts"]) == (8, 14, 14)
    assert (counts["applied"], counts["repeats"], counts["waiting"], counts["dead_lettered"]) == (14, 0, 0, 0)
    [trace] = told["traces"]
    assert (trace["root"], trace["service"], trace["unbroken"]) == ("POST /orders", "checkout", True)
    assert (told["trace_id"], told["unbroken"]) == (trace["trace_id"], True)
    roots = [each for each in told["spans"] if each["parent_id"] is None]
    assert [each["name"] for each in roots] == ["POST /orders"]


def test_each_delivery_has_its_event_above_it_and_what_it_led_to_below(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)
    estate.deliver()

    spans = {each["span_id"]: each for each in report(order_id)["spans"]}

    def path(name: str, service: str) -> list[str]:
        [span] = [each for each in spans.values() if (each["name"], each["service"]) == (name, service)]
        names = []
        while span["parent_id"]:
            span = spans[span["parent_id"]]
            names.append(span["name"])
        return names

    assert path("shipment.planned to record_shipment_fact", "order_management") == [
        *("shipment.planned", "order.confirmed to plan_shipments", "order.confirmed", "POST /orders")
    ]
    assert path("POST /api/transactions", "fraud") == [
        *("order.confirmed to forward_to_fraud", "order.confirmed", "POST /orders")
    ]
    assert {each["cloud"] for each in spans.values() if each["service"] == "fraud"} == {"azure"}
    assert {each["cloud"] for each in spans.values() if each["service"] != "fraud"} == {"google"}


def test_what_people_and_schedules_do_later_is_linked_to_the_orders_trace(estate: InProcess, report: Report) -> None:
    order_id, other = placed(estate), estate.place(basket(), "key-2")[1]["order_id"]
    estate.deliver()
    for shipment in estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]:
        estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    estate.run("accounting", "number_invoices")
    estate.deliver()

    told = report(order_id)

    assert [(each["root"], each["service"], each["kind"]) for each in told["traces"]] == [
        ("POST /orders", "checkout", "request"),
        ("POST /shipments/{shipment_id}/dispatch", "warehouse", "request"),
        ("number_invoices", "accounting", "schedule"),
    ]
    assert told["unbroken"]
    assert {"payment.captured", "inventory.committed", "invoice.issued"} <= {each["type"] for each in told["events"]}
    assert not {each["span_id"] for each in told["spans"]} & {each["span_id"] for each in report(other)["spans"]}


def test_a_duplicate_is_suppressed_and_says_so(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)
    estate.deliver()
    [event] = [each for each in report(order_id)["events"] if each["type"] == "shipment.planned"]
    again(estate, event["event_id"], "order_management", "record_shipment_fact")
    again(estate, event["event_id"], "data_warehouse", "collect_event")

    told = by_subscription(report(order_id), "shipment.planned")

    for each in told.values():
        assert each["state"] == "applied"
        assert [attempt["outcome"] for attempt in each["attempts"]] == ["applied", "suppressed"]
    assert report(order_id)["counts"]["repeats"] == 2


def again(estate: InProcess, event_id: str, service: str, function: str) -> None:
    """Push an event once more, as a broker does whose acknowledgement was lost."""
    rows = estate.broker._file.read("SELECT data, attributes FROM messages")
    [(data, attributes)] = [row for row in rows if json.loads(row[1]).get("ce-id") == event_id]
    [name] = [
        each.name
        for each in manifest().subscriptions()
        if (each.service, each.function) == (service, function) and each.topic == "shipment-events"
    ]
    message = {"data": base64.b64encode(data).decode(), "attributes": json.loads(attributes), "messageId": "1"}
    body = {"message": message, "subscription": f"projects/local/subscriptions/{name}", "deliveryAttempt": 1}
    assert estate.ask("push", "POST", f"/{service}/events/{function}", body).status == 204


def test_a_failed_attempt_and_the_one_that_succeeds_are_both_told(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)
    failures = iter([1, 2])

    def fail() -> None:
        if next(failures, None):
            raise OSError("no disk")

    estate.before["accounting", "POST /events/draft_invoice"] = fail
    estate.deliver()
    failed = by_subscription(report(order_id), "order.confirmed")["accounting.draft_invoice"]
    assert (failed["state"], failed["attempts"][0]["outcome"]) == ("retrying", "unanswered")
    retry(estate)
    retry(estate)

    told = by_subscription(report(order_id), "order.confirmed")["accounting.draft_invoice"]

    assert told["state"] == "applied"
    assert [(each["attempt"], each["outcome"]) for each in told["attempts"]] == [
        (1, "unanswered"),
        (2, "unanswered"),
        (3, "applied"),
    ]


def retry(estate: InProcess) -> None:
    """Let all backoffs pass."""
    estate.broker._file.write(lambda cursor: bool(cursor.execute("UPDATE deliveries SET due_at = 0").rowcount))
    estate.deliver()


def test_a_delivery_that_its_function_cannot_take_now_is_retrying(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)
    estate.before["crm", "GET /customers"] = unreachable
    estate.deliver()

    told = by_subscription(report(order_id), "order.confirmed")["accounting.draft_invoice"]
    calls = [each for each in report(order_id)["spans"] if each["kind"] == "call"]

    assert (told["state"], told["latency_ms"]) == ("retrying", None)
    assert {(each["status"], each["outcome"]) for each in told["attempts"]} == {(503, "call_failed")}
    assert {(each["service"], each["name"], each["outcome"]) for each in calls} >= {
        ("accounting", "call of crm", "call_failed")
    }


def unreachable() -> None:
    raise ConnectionError("nobody listens")


def test_an_event_that_is_refused_is_dead_lettered_with_its_reason(estate: InProcess, report: Report) -> None:
    order_id = placed(estate, customer={"email": "x@review.test", "first_name": "A", "last_name": "B"})
    estate.deliver()
    estate.post(f"/order_management/orders/{order_id}/reject", {"by": "operator", "reason": "looked at"})
    estate.deliver()
    rows = estate.broker._file.read("SELECT data, attributes FROM messages")
    [held] = [json.loads(row[0]) for row in rows if json.loads(row[1]).get("ce-type") == "order.held"]
    confirmed = {**held, "id": held["id"][:-3] + "ZZZ", "type": "order.confirmed"}
    confirmed["dataschema"] = held["dataschema"].replace("held", "confirmed")
    attributes = {f"ce-{name}": confirmed[name] for name in ("id", "type", "source", "subject", "time")}
    attributes["traceparent"] = held["traceparent"]
    from shared.messaging.publisher import Message

    estate.broker.publish([Message("order-events", json.dumps(confirmed).encode(), attributes)])
    estate.deliver()

    told = by_subscription(report(order_id), "order.confirmed")["order_management.record_order_fact"]

    assert told["state"] == "dead-lettered"
    assert told["dead_letter"]["error_code"] == "undeliverable"
    assert "contradicts" in told["dead_letter"]["error_detail"]


def test_what_came_before_its_cause_is_kept(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)
    for _ in range(60):  # all but order_management's hearing of the order itself
        estate.before["order_management", "POST /events/record_order_fact"] = unreachable
        estate.deliver()
    early = by_subscription(report(order_id), "shipment.planned")["order_management.record_shipment_fact"]
    estate.before.clear()
    retry(estate)

    assert early["state"] == "kept"
    assert (
        by_subscription(report(order_id), "order.confirmed")["order_management.record_order_fact"]["state"] == "applied"
    )
    assert estate.get(f"/order_management/orders/{order_id}")["status"] == "confirmed"


def test_what_the_broker_has_not_delivered_yet_is_waiting(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)

    told = report(order_id)

    assert told["counts"]["events"] == 3
    assert told["counts"]["waiting"] == told["counts"]["deliveries"] == 8
    assert told["unbroken"]


def test_a_record_survives_the_death_of_its_process(estate: InProcess, report: Report) -> None:
    order_id = placed(estate)

    def die() -> None:
        raise Crash

    estate.after["warehouse", "POST /events/plan_shipments"] = die
    with pytest.raises(Crash):
        estate.deliver()
    estate.restart()
    estate.offset = timedelta(minutes=1)
    estate.deliver()

    told = json.loads(answer(order_id, "", estate.estate, estate.broker).body)
    planned = by_subscription(told, "order.confirmed")["warehouse.plan_shipments"]

    assert planned["state"] == "applied"
    assert told["counts"]["applied"] == told["counts"]["deliveries"]
    assert told["unbroken"]


@pytest.mark.parametrize("order_id", ["ord_01M7WHZJEMHSGSHRFQ0W3VJY1T", "ord_", "", "../keys", 'ord_1","x":"'])
def test_an_unknown_order_is_not_found(estate: InProcess, report: Report, order_id: str) -> None:
    with pytest.raises(NotFound):
        report(order_id)
