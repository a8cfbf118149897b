"""The same estate on Google's own emulators of Firestore and Pub/Sub: an order's story, poison, kills, and the demo."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from shared.hosts.local.emulators import FIRESTORE, PUBSUB
from tests.estate import ROOT, RunningEstate, running_estate
from tests.journeys.baskets import MUG, basket
from tests.journeys.books import assert_books_agree
from tests.journeys.messages import message, publish, sample
from tests.journeys.shopping import place, send_order, stock
from tests.journeys.test_events import READERS, poisoned
from tests.journeys.test_old_checkout import (  # noqa: F401  (the same story, told on another platform)
    test_calls_and_message_of_the_old_checkout_are_one_order,
)
from tests.journeys.test_one_order import (  # noqa: F401  (the same story, told on another platform)
    test_a_held_order_ships_nothing_until_it_is_approved,
    test_a_plain_order_is_reserved_packed_dispatched_invoiced_paid_and_delivered,
    test_a_rejected_order_gives_back_stock_slot_and_money,
    test_furniture_books_a_slot_and_leaves_in_a_shipment_of_its_own,
)

pytestmark = pytest.mark.estate


@pytest.fixture(scope="module", autouse=True)
def _emulators(require: Callable[[Any, str], None]) -> None:
    for emulator in (FIRESTORE, PUBSUB):
        require(not emulator.missing(), emulator.missing())


@pytest.fixture(scope="module")
def estate(_emulators: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    with running_estate(tmp_path_factory.mktemp("emulators"), "--platform", "emulators") as started:
        yield started


def test_nobody_pushes_without_the_key_of_the_endpoint(estate: RunningEstate) -> None:
    body = {"message": message(sample("order.held")), "subscription": "projects/local/subscriptions/x"}
    for query in ("", "?key=", "?key=guessed", "?other=1"):
        answer = estate.ask("POST", f"/accounting/events/draft_invoice{query}", body, caller=None)
        assert answer.status_code == 401, query


def test_an_operator_publishes_to_the_emulator(estate: RunningEstate) -> None:
    before = {each["name"]: each["delivered"] for each in estate.get("/-/subscriptions")["items"]}
    event = sample("fraud.scored")

    for _ in range(2):
        publish(estate, event)
    estate.settle()

    after = {each["name"]: each["delivered"] for each in estate.get("/-/subscriptions")["items"]}
    assert "data_warehouse.collect_event.fraud-events" in {name for name in after if after[name] > before[name]}
    assert estate.get("/-/dead-letters")["items"] == []


def test_an_order_that_is_sent_twice_is_one(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)
    body = basket((MUG, 1))
    first, second = (send_order(estate, body, "emulators-key") for _ in range(2))
    estate.settle()

    assert (first.status_code, second.json()) == (201, first.json())
    assert stock(estate, MUG) == (mugs[0], mugs[1] + 1)
    assert_books_agree(estate)


def test_what_dies_of_our_processes_loses_nothing(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)
    orders = []
    for name in ("worker", "background", "worker"):
        orders.append(place(estate, basket((MUG, 1))))
        estate.kill_one(name)
    _until_it_answers(estate)
    estate.settle(within_s=60)

    for order in orders:
        assert (order.status, order.history) == ("confirmed", ["order.confirmed", "shipment.planned"])
        assert (len(order.shipments), len(order.invoices), len(order.mails)) == (1, 1, 1)
    assert stock(estate, MUG) == (mugs[0], mugs[1] + 3)
    assert_books_agree(estate)


def _until_it_answers(estate: RunningEstate) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if estate.ask("GET", "/-/health", caller=None).status_code == 200:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.1)
    raise AssertionError(estate.output[-3000:])


# From here on there are dead letters.


def test_a_poisoned_event_is_given_up_with_its_reason_and_replayed_to_its_own_subscription(
    estate: RunningEstate,
) -> None:
    event = poisoned()

    publish(estate, event)
    order = place(estate, basket((MUG, 1)))
    estate.settle()

    assert (order.status, len(order.shipments), len(order.invoices)) == ("confirmed", 1, 1)
    letters = estate.get("/-/dead-letters")["items"]
    assert {each["subscription"] for each in letters} == READERS
    assert {(each["event_id"], each["error_code"]) for each in letters} == {(event["id"], "invalid")}
    assert estate.get("/-/dead-letters")["items"] == letters, "who looks takes nothing away"
    before = {each["name"]: each["delivered"] for each in estate.get("/-/subscriptions")["items"]}

    assert estate.post("/-/dead-letters/replay", {"ids": [letters[0]["id"]]}) == {"replayed": 1}
    estate.settle()

    after = {each["name"]: each["delivered"] for each in estate.get("/-/subscriptions")["items"]}
    assert {name for name in after if after[name] != before[name]} == {letters[0]["subscription"]}
    again = estate.get("/-/dead-letters")["items"]
    assert len(again) == len(letters), "what was poisoned stays so"
    assert letters[0]["id"] not in [each["id"] for each in again]


def test_a_second_start_begins_anew_with_the_emulators_that_end_with_the_estate(tmp_path: Path) -> None:
    with running_estate(tmp_path, "--platform", "emulators") as estate:
        order = place(estate, basket((MUG, 1)))
        assert estate.stop() == 0
        estate.start()
        assert estate.ask("GET", f"/checkout/orders/{order.id}").status_code == 404
        assert stock(estate, MUG) == (3000, 0)
        estate.settle()
        assert_books_agree(estate)


def test_kill_nine_of_everything_loses_nothing_while_the_emulators_run_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, firestore_emulator: str, pubsub_emulator: str
) -> None:
    monkeypatch.setenv(FIRESTORE.variable, firestore_emulator)
    monkeypatch.setenv(PUBSUB.variable, pubsub_emulator)
    with running_estate(tmp_path, "--platform", "emulators") as estate:
        orders = []
        for _ in range(2):
            orders.append(place(estate, basket((MUG, 1))))
            estate.kill_and_start()
        estate.settle(within_s=60)

        for order in orders:
            assert (order.status, order.history) == ("confirmed", ["order.confirmed", "shipment.planned"])
            assert (len(order.shipments), len(order.invoices), len(order.mails)) == (1, 1, 1)
        assert stock(estate, MUG) == (3000, 2)
        assert_books_agree(estate)


def test_the_demo_comes_out_right(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "shared.hosts.local.demo", "--platform", "emulators"],
        check=False,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=180,
    )

    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert any(line.startswith("Everything came out right: ") for line in ran.stdout.splitlines())
    assert list(tmp_path.iterdir()) == []
