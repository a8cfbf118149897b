"""What a whole estate writes: JSON lines with service and trace, and nothing about a person, and no token."""

import base64
import json
import socket
from collections.abc import Iterator

import pytest

from tests.estate import RunningEstate, running_estate
from tests.planted import CARD, EMAIL, EVERYTHING, deliveries, found_in, order, refusals

pytestmark = pytest.mark.estate


@pytest.fixture(scope="module", params=[(), ("--isolated",)], ids=["together", "isolated"])
def estate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    """One that says whatever it would say in a cloud."""
    with running_estate(tmp_path_factory.mktemp("lines"), *request.param, log_level="INFO") as started:
        yield started


def test_no_line_holds_anything_personal(estate: RunningEstate) -> None:
    assert estate.ask("POST", "/checkout/orders", order(), caller="gke-checkout", key="planted").status_code == 201
    for sent in (*refusals(), *deliveries()):
        estate.ask(sent.method, sent.path, sent.body, caller=sent.caller, headers=sent.headers)
    letter = {"data": base64.b64encode(EVERYTHING.encode()).decode(), "attributes": {"ce-type": "order.confirmed"}}
    assert estate.ask("POST", "/-/topics/order-events/publish", {"messages": [letter]}).status_code == 200
    with socket.create_connection(("127.0.0.1", estate.port)) as client:
        client.sendall(f"POST /{EMAIL} HTTP/9.9\r\n{CARD}: {EVERYTHING}\r\n\r\n".encode())
        client.recv(1000)
    estate.settle()
    assert estate.get("/-/dead-letters")["items"] != []

    written = estate.output
    tokens = {caller: estate.token(caller) for caller in ("operator", "gke-checkout", "push")}
    assert found_in(written) == {}
    assert [caller for caller, token in tokens.items() if token in written or token[-40:] in written] == []


def test_every_line_is_json_and_an_orders_lines_are_found_by_trace_and_order(estate: RunningEstate) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    placed = estate.ask("POST", "/checkout/orders", order(), caller="gke-checkout", key="traced", headers=headers)
    assert placed.status_code == 201
    estate.settle()

    lines = [json.loads(line) for line in estate.output.splitlines() if line and not line.startswith("ready ")]
    assert all({"severity", "message", "logger"} <= line.keys() for line in lines)
    traced = [line for line in lines if line.get("trace") == trace]
    assert {line["service"] for line in traced} >= {"checkout", "crm", "payment", "fraud", "order_management"}
    of_the_order = {line["service"] for line in traced if line.get("order") == placed.json()["order_id"]}
    assert of_the_order >= {"checkout", "payment", "inventory", "order_management", "warehouse"}
