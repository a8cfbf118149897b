"""One Idempotency-Key is one order, however often it is sent."""

from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.estate import RunningEstate
from tests.journeys.baskets import MUG, SOFA, basket, new_email
from tests.journeys.books import assert_books_agree
from tests.journeys.shopping import Purchase, refusal, send_order, stock

pytestmark = pytest.mark.estate


@pytest.mark.parametrize(
    "body",
    [basket((MUG, 2), (SOFA, 1)), basket((MUG, 2), email=new_email("review.test"))],
    ids=["confirmed", "held"],
)
def test_a_key_sent_twenty_times_at_once_is_one_order(estate: RunningEstate, body: dict[str, Any]) -> None:
    mugs, key = stock(estate, MUG), str(uuid4())
    placed = estate.get("/checkout/control-totals")["totals"]["orders.count"]

    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: send_order(estate, body, key), range(20)))
    later = [send_order(estate, body, key) for _ in range(3)]
    estate.settle()

    accepted = [answer.json() for answer in answers if answer.status_code == 201]
    running = [answer for answer in answers if answer.status_code != 201]
    assert accepted
    assert all(refusal(answer) == (409, "in_progress") for answer in running)
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in running)
    assert [answer.status_code for answer in later] == [201] * 3
    assert [answer.json() for answer in later] + accepted == [accepted[0]] * (len(accepted) + 3)
    assert estate.get("/checkout/control-totals")["totals"]["orders.count"] == placed + 1
    assert stock(estate, MUG) == (mugs[0], mugs[1] + 2)
    order = Purchase(estate, accepted[0])
    assert len([payment for payment in order.payments if payment[0] == "authorization"]) == 1
    assert len(order.mails) == 1
    assert_books_agree(estate)


def test_another_body_under_a_known_key_is_refused(estate: RunningEstate) -> None:
    body, key = basket((MUG, 1)), str(uuid4())
    first = send_order(estate, body, key)

    other = send_order(estate, body | {"items": [{"sku": MUG, "quantity": 2}]}, key)
    same = send_order(estate, dict(reversed(body.items())), key)

    assert first.status_code == 201
    assert refusal(other) == (422, "idempotency_key_reused")
    assert (same.status_code, same.json()) == (201, first.json())


@pytest.mark.parametrize("key", [None, ""])
def test_a_missing_key_is_told(estate: RunningEstate, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key}

    answer = estate.ask("POST", "/checkout/orders", basket((MUG, 1)), caller="gke-checkout", headers=headers)

    assert refusal(answer) == (400, "idempotency_key_missing")


def test_a_key_counts_per_caller(estate: RunningEstate) -> None:
    body, key = basket((MUG, 1)), str(uuid4())

    first, other = (
        estate.ask("POST", "/checkout/orders", body, caller=caller, key=key) for caller in ("gke-checkout", "operator")
    )

    assert (first.status_code, other.status_code) == (201, 201)
    assert first.json()["order_id"] != other.json()["order_id"]


def test_while_a_payment_s_outcome_is_unknown_the_key_waits_and_then_gets_its_order(estate: RunningEstate) -> None:
    body, key = basket((MUG, 1), token="tok_timeout"), str(uuid4())
    mugs = stock(estate, MUG)

    first = send_order(estate, body, key)
    final = ask_until_final(estate, body, key)
    estate.settle()

    assert refusal(first) == (409, "in_progress")
    assert int(first.headers["Retry-After"]) >= 1
    assert final.status_code == 201, final.text
    assert send_order(estate, body, key).json() == final.json()
    assert stock(estate, MUG) == (mugs[0], mugs[1] + 1)
    order = Purchase(estate, final.json())
    assert order.payments == [("authorization", "authorized", final.json()["total"]["amount"])]
    assert_books_agree(estate)


def test_an_order_whose_customer_never_asks_again_ends_by_itself(estate: RunningEstate) -> None:
    placed = estate.get("/checkout/control-totals")["totals"]["orders.count"]

    first = send_order(estate, basket((MUG, 1), token="tok_timeout"))
    estate.settle()

    assert refusal(first) == (409, "in_progress")
    assert estate.get("/checkout/control-totals")["totals"]["orders.count"] == placed + 1
    assert_books_agree(estate)


def ask_until_final(estate: RunningEstate, body: Any, key: str) -> requests.Response:
    until = monotonic() + 20
    while True:
        answer = send_order(estate, body, key)
        if answer.status_code != 409 or monotonic() > until:
            return answer
        sleep(0.1)
