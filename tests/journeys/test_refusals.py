"""Orders that are refused: with a stable code, and with nothing left behind."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests

from tests.estate import RunningEstate
from tests.journeys.baskets import CALIFORNIA, MUG, SOFA, SUNGLASSES, basket, new_email
from tests.journeys.books import assert_books_agree
from tests.journeys.shopping import place, refusal, send_order, stock

pytestmark = pytest.mark.estate

CARD_NUMBER = "4242424242424242"


@pytest.fixture
def nothing_is_left_behind(estate: RunningEstate) -> Iterator[None]:
    """Whatever is refused leaves stock, slots, parcels, invoices and the ledger as they were."""
    estate.settle()
    before = traces(estate)
    yield
    estate.settle()
    assert traces(estate) == before
    assert_books_agree(estate)


alone = pytest.mark.usefixtures("nothing_is_left_behind")


def traces(estate: RunningEstate) -> dict[str, Any]:
    totals = {
        name: estate.get(f"/{name}/control-totals")["totals"]
        for name in ("warehouse", "accounting", "order_management")
    }
    totals["checkout"] = without(estate.get("/checkout/control-totals")["totals"], "refused.count")
    held = estate.get("/payment/control-totals")["totals"]
    totals["held"] = {
        name: total
        - held.get(name.replace("authorized", "captured"), 0)
        - held.get(name.replace("authorized", "voided"), 0)
        for name, total in held.items()
        if name.startswith("authorized.")
    }
    slots = [slot["free"] for slot in estate.items("/furniture/slots?zip_code=94043&country=US")]
    return totals | {
        "stock": [stock(estate, MUG), stock(estate, SUNGLASSES), stock(estate, SOFA, "furniture")],
        "slots": slots,
    }


def without(totals: dict[str, int], name: str) -> dict[str, int]:
    return {other: total for other, total in totals.items() if other != name}


@alone
@pytest.mark.parametrize(
    ("token", "decline_code"),
    [
        ("tok_declined", "generic_decline"),
        ("tok_insufficient_funds", "insufficient_funds"),
        ("tok_expired", "expired_card"),
    ],
)
def test_a_declined_card_frees_what_was_reserved(estate: RunningEstate, token: str, decline_code: str) -> None:
    body, key = basket((MUG, 1), (SOFA, 1), token=token), str(uuid4())

    first, again = send_order(estate, body, key), send_order(estate, body, key)

    assert refusal(first) == (402, "payment_declined")
    assert first.json()["decline_code"] == decline_code
    assert (again.status_code, again.json()) == (402, first.json())
    assert again.headers["Idempotent-Replay"] == "true"


@alone
def test_fraud_s_deny_refuses_the_payment_without_reasons_and_authorizes_nothing(estate: RunningEstate) -> None:
    authorized = estate.get("/payment/control-totals")["totals"]

    answer = send_order(estate, basket(email=new_email("deny.test")))

    assert refusal(answer) == (402, "payment_refused")
    assert answer.json().keys() == {"type", "title", "status", "code", "detail"}
    assert estate.get("/payment/control-totals")["totals"] == authorized


@alone
def test_a_gateway_out_of_order_is_503_and_the_same_key_starts_a_new_order(estate: RunningEstate) -> None:
    body, key = basket(token="tok_processing_error"), str(uuid4())
    refused = estate.get("/checkout/control-totals")["totals"]["refused.count"]

    answers = [send_order(estate, body, key) for _ in range(2)]

    assert [refusal(answer) for answer in answers] == [(503, "payment_unavailable")] * 2
    assert not any("Idempotent-Replay" in answer.headers for answer in answers)
    assert estate.get("/checkout/control-totals")["totals"]["refused.count"] == refused + 2


@alone
def test_after_a_503_the_same_key_may_bring_another_card(estate: RunningEstate) -> None:
    body, key = basket((MUG, 1), token="tok_processing_error"), str(uuid4())
    assert refusal(send_order(estate, body, key)) == (503, "payment_unavailable")

    answer = send_order(estate, body | {"payment": {"token": "tok_declined"}}, key)

    assert refusal(answer) == (402, "payment_declined")


@alone
def test_a_blocked_customer_may_not_order(estate: RunningEstate) -> None:
    assert refusal(send_order(estate, basket(email="Blocked@Example.com"))) == (403, "customer_blocked")


@alone
def test_out_of_stock_says_of_which_lines_how_many_are_left(estate: RunningEstate) -> None:
    sofas, reserved = stock(estate, SOFA, "furniture")

    answer = send_order(estate, basket((MUG, 1), *[(SOFA, 1000)] * 20))

    assert refusal(answer) == (409, "out_of_stock")
    assert answer.json()["lines"] == [{"sku": SOFA, "requested": 20_000, "available": sofas - reserved}]


@alone
def test_a_total_other_than_expected_is_told(estate: RunningEstate) -> None:
    quote = estate.ask("POST", "/checkout/quotes", basket(token=None), caller="gke-checkout").json()

    answer = send_order(estate, basket(expected_total={"currency": "USD", "amount": "57.50"}))

    assert refusal(answer) == (409, "price_changed")
    assert answer.json()["total"] == quote["total"]


@alone
def test_unknown_skus_are_named(estate: RunningEstate) -> None:
    answer = send_order(estate, basket((MUG, 1), ("NOSUCHSKU", 1), ("NEITHER-1", 2)))

    assert refusal(answer) == (422, "unknown_sku")
    assert answer.json()["skus"] == ["NEITHER-1", "NOSUCHSKU"]


@alone
@pytest.mark.parametrize("currency", ["RUB", "XXX"])
def test_a_currency_that_is_not_taken_is_refused(estate: RunningEstate, currency: str) -> None:
    assert refusal(send_order(estate, basket(currency=currency))) == (422, "currency_not_accepted")


def test_a_full_slot_is_refused_with_the_next_free_one(estate: RunningEstate) -> None:
    slots = estate.items("/furniture/slots?zip_code=94043&country=US")
    slot = slots[-2]
    orders = [
        place(estate, basket((SOFA, 1), email=new_email("review.test"), delivery={"slot_id": slot["slot_id"]}))
        for _ in range(slot["free"])
    ]

    answer = send_order(estate, basket((SOFA, 1), delivery={"slot_id": slot["slot_id"]}))

    assert refusal(answer) == (409, "slot_taken")
    assert answer.json()["next_slot_id"] == slots[-1]["slot_id"]
    estate.settle()
    for order in orders:
        order.decide("reject")


PIECE = {"sku": MUG, "quantity": 1}


@alone
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"customer": {"email": "ada", "first_name": "Ada", "last_name": "L"}}, "customer.email"),
        ({"customer": {"email": "ada@example.com", "first_name": "", "last_name": "L"}}, "customer.first_name"),
        ({"customer": {"email": "ada@example.com", "first_name": "Ada"}}, "customer.last_name"),
        ({"customer": {"id": "cus_unknown", "email": "a@b.cd", "first_name": "A", "last_name": "L"}}, "customer.id"),
        ({"currency": "usd"}, "currency"),
        ({"currency": None}, "currency"),
        ({"items": []}, "items"),
        ({"items": [PIECE | {"quantity": 0}]}, "items.0.quantity"),
        ({"items": [PIECE, PIECE | {"quantity": 1001}]}, "items.1.quantity"),
        ({"items": [PIECE | {"quantity": "2"}]}, "items.0.quantity"),
        ({"items": [PIECE | {"quantity": 1.5}]}, "items.0.quantity"),
        ({"items": [PIECE | {"quantity": True}]}, "items.0.quantity"),
        ({"items": [PIECE | {"sku": "no such sku"}]}, "items.0.sku"),
        ({"items": [PIECE] * 101}, "items"),
        ({"shipping_address": CALIFORNIA | {"country": "Atlantis"}}, "shipping_address.country"),
        ({"shipping_address": {**CALIFORNIA, "city": None}}, "shipping_address.city"),
        ({"shipping_address": CALIFORNIA | {"planet": "Earth"}}, "shipping_address.planet"),
        ({"billing_address": CALIFORNIA | {"zip_code": " "}}, "billing_address.zip_code"),
        ({"expected_total": {"currency": "USD", "amount": "57.5"}}, "expected_total"),
        ({"expected_total": {"currency": "USD", "amount": 57.5}}, "expected_total"),
        ({"payment": {"token": ""}}, "payment.token"),
        ({"payment": {"token": "tok_unheard_of"}}, "payment.token"),
        ({"payment": None}, "payment"),
        (
            {"delivery": {"service_level": "by_drone"}, "items": [{"sku": SOFA, "quantity": 1}]},
            "delivery.service_level",
        ),
        ({"delivery": {"slot_id": "no-slot"}, "items": [{"sku": SOFA, "quantity": 1}]}, "delivery.slot_id"),
        ({"coupon": "FREE"}, "coupon"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_wrong_input_is_told_by_field(estate: RunningEstate, wrong: dict[str, Any], field: str) -> None:
    body, key = basket() | wrong, str(uuid4())

    first, again = send_order(estate, body, key), send_order(estate, body, key)

    for answer in (first, again):
        assert refusal(answer) == (422, "invalid")
        assert [error["field"] for error in answer.json()["errors"]] == [field], answer.text
        assert "Idempotent-Replay" not in answer.headers


@alone
def test_what_is_no_json_is_a_bad_request(estate: RunningEstate) -> None:
    token = estate.token("gke-checkout")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4()), "Content-Type": "application/json"}
    url = f"{estate.url}/checkout/orders"
    for body, media_type, told in (
        (b'{"customer": ', "application/json", (400, "bad_request")),
        (b"[]", "application/json", (422, "invalid")),
        (b"", "application/json", (422, "invalid")),
        (b"customer=ada", "application/x-www-form-urlencoded", (415, "unsupported_media_type")),
        (b" " * ((1 << 20) + 1), "application/json", (413, "too_large")),
    ):
        answer = requests.post(url, data=body, headers=headers | {"Content-Type": media_type}, timeout=30)
        assert refusal(answer) == told


@alone
@pytest.mark.parametrize("number", [CARD_NUMBER, "4242 4242 4242 4242", "tok_4242-4242-4242-4242", "378282246310005"])
def test_a_card_number_is_refused_and_neither_answered_nor_logged(estate: RunningEstate, number: str) -> None:
    answer = send_order(estate, basket(token=number))

    assert refusal(answer) == (422, "card_number_refused")
    assert number not in answer.text
    assert number not in estate.output


def test_nothing_personal_is_in_the_log(estate: RunningEstate) -> None:
    email = new_email("review.test")
    order = place(estate, basket(email=email))
    estate.settle()
    order.decide("reject")
    estate.settle()

    assert order.id in estate.output, "the log says what it was about"
    for personal in (email, "Lovelace", "1600 Amphitheatre", estate.token("operator"), "tok_visa"):
        assert personal not in estate.output, personal
