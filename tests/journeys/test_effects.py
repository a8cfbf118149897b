"""The effects of an order on the running estate: one report, whoever runs the services and carries the events."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.hosts.local.emulators import FIRESTORE, PUBSUB
from tests.estate import ROOT, RunningEstate, running_estate
from tests.journeys.baskets import MUG, basket
from tests.journeys.shopping import place

pytestmark = pytest.mark.estate
PLATFORMS = {
    "together": ("--workers", "2"),
    "isolated": ("--isolated",),
    "emulators": ("--platform", "emulators"),
}


@pytest.fixture(scope="module", params=PLATFORMS)
def estate(
    request: pytest.FixtureRequest, require: Callable[[Any, str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningEstate]:
    if "emulators" in request.param:
        for emulator in (FIRESTORE, PUBSUB):
            require(not emulator.missing(), emulator.missing())
    with running_estate(tmp_path_factory.mktemp("effects"), *PLATFORMS[request.param]) as started:
        yield started


def test_every_delivery_of_an_order_is_reported_on_one_unbroken_trace(estate: RunningEstate) -> None:
    order = place(estate, basket((MUG, 1)))
    estate.settle()

    told = estate.get(f"/-/effects/{order.id}")

    trace = told["traces"][0]  # where fraud was too slow to answer the first order, a schedule asks again later
    assert (trace["root"], trace["service"], told["unbroken"]) == ("POST /orders", "checkout", True)
    assert {each["type"] for each in told["events"]} >= {
        "inventory.reserved",
        "payment.authorized",
        "notification.sent",
    }
    assert {each["trace_id"] for each in told["events"] if each["service"] in ("checkout", "inventory")} == {
        trace["trace_id"]
    }
    deliveries = [each for event in told["events"] for each in event["deliveries"]]
    assert {each["state"] for each in deliveries} == {"applied"}
    assert all(each["latency_ms"] > 0 for each in deliveries)
    clouds = {(each["service"], each["cloud"]) for each in told["spans"]}
    assert {("checkout", "google"), ("fraud", "azure"), ("warehouse", "google")} <= clouds


def test_a_callers_own_trace_goes_on_to_the_last_delivery(estate: RunningEstate) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    placed = estate.ask(
        "POST", "/checkout/orders", basket((MUG, 1)), caller="gke-checkout", key="traced", headers=headers
    )
    estate.settle()

    told = estate.get(f"/-/effects/{placed.json()['order_id']}")

    assert told["trace_id"] == trace
    of_checkout = {each["trace_id"] for each in told["events"] if each["service"] in ("checkout", "inventory")}
    assert of_checkout == {trace}
    assert told["spans"][0]["remote_parent_id"] == "00f067aa0ba902b7"
    assert told["unbroken"]


def test_what_was_dispatched_and_what_was_killed_is_told(estate: RunningEstate, request: pytest.FixtureRequest) -> None:
    order = place(estate, basket((MUG, 1)))
    estate.settle()
    for shipment in order.shipments:
        order.dispatch(shipment)
    if "emulators" not in request.node.name:  # they end with the estate, and keep nothing
        estate.kill_and_start()
    estate.settle(within_s=60)

    told = estate.get(f"/-/effects/{order.id}")

    assert [each["root"] for each in told["traces"]][:2] == ["POST /orders", "POST /shipments/{shipment_id}/dispatch"]
    assert "payment.captured" in {each["type"] for each in told["events"]}
    states = {each["state"] for event in told["events"] for each in event["deliveries"]}
    assert states <= {"applied", "suppressed", "kept"}


def test_the_command_prints_it(estate: RunningEstate) -> None:
    order = place(estate, basket((MUG, 1)))
    estate.settle()

    text = command(estate, order.id)
    spans = json.loads(command(estate, order.id, "--format", "otlp"))

    assert text == estate.ask("GET", f"/-/effects/{order.id}", headers={"Accept": "text/plain"}).text + "\n"
    assert text.startswith(f"order {order.id}, from ")
    assert spans == estate.get(f"/-/effects/{order.id}/spans")


def test_an_unknown_order_is_not_found(estate: RunningEstate) -> None:
    answer = estate.ask("GET", "/-/effects/ord_01M7WHZJEMHSGSHRFQ0W3VJY1T", caller=None)
    run = subprocess.run(
        [sys.executable, "-m", "shared.hosts.local.effects", "ord_01M7WHZJEMHSGSHRFQ0W3VJY1T", "--url", estate.url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("no report: nothing is recorded of ord_01M7WHZJEMHSGSHRFQ0W3VJY1T")


def command(estate: RunningEstate, order_id: str, *options: str) -> str:
    asked = [sys.executable, "-m", "shared.hosts.local.effects", order_id, "--url", estate.url, *options]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
