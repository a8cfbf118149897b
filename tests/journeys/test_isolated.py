"""`--isolated`: every service in a process of its own, and the same order all the same."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from uuid import uuid4

import pytest
import requests

from shared.manifest import manifest
from tests.estate import RunningEstate, running_estate
from tests.journeys.baskets import MUG, SOFA, basket, new_email
from tests.journeys.books import assert_books_agree
from tests.journeys.shopping import Purchase, place, refusal, send_order, stock, wait_for_late_scores
from tests.journeys.test_old_checkout import (  # noqa: F401  (the same story, told over sockets)
    test_calls_and_message_of_the_old_checkout_are_one_order,
)
from tests.processes import alive

pytestmark = pytest.mark.estate


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEstate]:
    with running_estate(tmp_path_factory.mktemp("isolated"), "--isolated") as started:
        yield started


def test_every_service_has_a_process_of_its_own(estate: RunningEstate) -> None:
    assert len(estate.processes()["service"]) == len(manifest().services)


def test_an_order_with_furniture_flows_to_its_end(estate: RunningEstate) -> None:
    mugs, sofas = stock(estate, MUG), stock(estate, SOFA, "furniture")

    order = place(estate, basket((MUG, 2), (SOFA, 1)))
    estate.settle()
    for shipment in order.shipments:
        order.dispatch(shipment)
        order.deliver(shipment)
    estate.settle()

    assert (order.answer["status"], order.status) == ("confirmed", "delivered")
    assert [invoice["status"] for invoice in order.invoices] == ["issued", "issued"]
    assert [payment[:2] for payment in order.payments[1:]] == [("capture", "captured")] * 2
    assert stock(estate, MUG) == (mugs[0] - 2, mugs[1])
    assert stock(estate, SOFA, "furniture") == (sofas[0] - 1, sofas[1])
    assert order.mails[0] == ("order.confirmed", "sent")
    assert_books_agree(estate)


def test_a_held_order_is_approved_and_another_rejected(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)
    approved, rejected = (place(estate, basket((MUG, 1), email=new_email("review.test"))) for _ in range(2))
    estate.settle()

    approved.decide("approve")
    rejected.decide("reject")
    estate.settle()

    assert (approved.status, rejected.status) == ("confirmed", "rejected")
    assert rejected.payments[-1][:2] == ("void", "voided")
    assert stock(estate, MUG) == (mugs[0], mugs[1] + 1)
    assert_books_agree(estate)


def test_refusals_leave_nothing_behind(estate: RunningEstate) -> None:
    mugs = stock(estate, MUG)
    refused = {
        "tok_declined": (402, "payment_declined"),
        "tok_processing_error": (503, "payment_unavailable"),
        "4242424242424242": (422, "card_number_refused"),
    }

    for token, told in refused.items():
        assert refusal(send_order(estate, basket((MUG, 1), token=token))) == told
    assert refusal(send_order(estate, basket((MUG, 1), email=new_email("deny.test")))) == (402, "payment_refused")
    assert estate.ask("POST", "/inventory/reservations", {}, caller="crm").status_code == 403

    estate.settle()
    assert stock(estate, MUG) == mugs
    assert_books_agree(estate)


def test_a_key_sent_at_once_by_many_is_one_order(estate: RunningEstate) -> None:
    body, key = basket((MUG, 1)), str(uuid4())

    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: send_order(estate, body, key), range(8)))

    accepted = [answer.json() for answer in answers if answer.status_code == 201]
    assert accepted == [accepted[0]] * len(accepted)
    assert {refusal(answer) for answer in answers if answer.status_code != 201} <= {(409, "in_progress")}
    assert send_order(estate, body, key).json() == accepted[0]


def test_services_that_are_killed_come_back_and_nothing_is_lost(estate: RunningEstate) -> None:
    orders = [place(estate, basket((MUG, 1))) for _ in range(5)]

    for _ in range(3):
        estate.kill_one("service")
    orders.append(Purchase(estate, order_in_spite_of_it(estate)))
    estate.settle(within_s=60)
    wait_for_late_scores(*orders)

    assert [order.status for order in orders] == ["confirmed"] * 6
    assert [len(order.shipments) for order in orders] == [1] * 6
    assert_books_agree(estate)


def order_in_spite_of_it(estate: RunningEstate) -> dict[str, object]:
    """Order with the same key until it is accepted."""
    body, key = basket((MUG, 1)), str(uuid4())
    said = "nothing"
    for _ in range(100):
        try:
            answer = send_order(estate, body, key)
        except requests.Timeout as error:
            said = str(error)
            continue
        if answer.status_code == 201:
            return dict(answer.json())
        said = answer.text
        sleep(0.1)
    raise AssertionError(said)


def test_when_their_supervisor_dies_the_services_end_too(estate: RunningEstate) -> None:
    services = estate.processes()["service"]

    estate.kill_one("supervisor")
    until = monotonic() + 15
    while any(alive(pid) for pid in services):
        assert monotonic() < until, "services outlive their supervisor"
        sleep(0.1)
    estate.start()

    order = place(estate, basket((MUG, 1)))
    estate.settle()
    wait_for_late_scores(order)
    assert order.status == "confirmed"
