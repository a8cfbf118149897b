"""What goes to Stripe over the wire, and what each way of answering or not answering means."""

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
import requests
import requests_mock as mocking

from functions.payment.gateway import Card, GatewayTimeout, GatewayUnavailable, Outcome
from functions.payment.stripe_gateway import StripeGateway
from functions.payment.stripe_wire import StripeWire
from shared.settings import Settings, read_settings
from shared.storage import Database
from shared.values.money import Money

ANSWERS = Path(__file__).parents[2] / "contracts" / "stripe"
INTENT = "pi_3PaXhE2eZvKYlo2C0PqKEhwP"
CREATE = "https://api.stripe.com/v1/payment_intents"
REFUND = "https://api.stripe.com/v1/refunds"
HUNDRED = Money("USD", 10000)
KEY = "ord_1.authorize"


def literal(name: str, **changes: Any) -> dict[str, Any]:
    return {**json.loads((ANSWERS / f"{name}.json").read_text("utf-8")), **changes}


@pytest.fixture
def stripe(database_of: Callable[[str], Database]) -> StripeGateway:
    settings = Settings(gateway="stripe", stripe_key="sk_test_secret")
    return StripeGateway(database_of("gateway"), StripeWire(settings), settings.storefront)


@pytest.fixture
def held(stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime) -> StripeGateway:
    """100.00 USD are held."""
    requests_mock.post(CREATE, json=literal("intent.requires_capture"))
    stripe.authorize(KEY, "pm_card_visa", HUNDRED, now)
    return stripe


def sent(requests_mock: mocking.Mocker) -> dict[str, str]:
    return dict(parse_qsl(requests_mock.last_request.text or ""))


def test_makes_a_payment_intent_to_be_captured_by_hand(held: StripeGateway, requests_mock: mocking.Mocker) -> None:
    assert sent(requests_mock) == {
        "amount": "10000",
        "currency": "usd",
        "payment_method": "pm_card_visa",
        "payment_method_types[]": "card",
        "payment_method_options[card][request_multicapture]": "if_available",
        "capture_method": "manual",
        "confirm": "true",
        "return_url": "https://www.online-boutique.example/checkout/authenticated",
        "metadata[key]": KEY,
        "expand[]": "latest_charge",
    }
    headers = requests_mock.last_request.headers
    assert headers["Authorization"] == "Bearer sk_test_secret"
    assert (headers["Idempotency-Key"], headers["Stripe-Version"]) == (KEY, "2024-06-20")
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_captures_a_part_and_leaves_the_rest_held(
    held: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    requests_mock.post(f"{CREATE}/{INTENT}/capture", json=literal("intent.requires_capture"))
    assert held.capture("shp_1", KEY, Money("USD", 3000), now) == Outcome("captured", Money("USD", 3000))
    assert sent(requests_mock) == {"amount_to_capture": "3000", "final_capture": "false"}
    assert requests_mock.last_request.headers["Idempotency-Key"] == "shp_1"


def test_refunds_a_part(held: StripeGateway, requests_mock: mocking.Mocker, now: datetime) -> None:
    requests_mock.post(f"{CREATE}/{INTENT}/capture", json=literal("intent.requires_capture"))
    requests_mock.post(REFUND, json=literal("refund", status="pending"))
    held.capture("shp_1", KEY, HUNDRED, now)
    assert held.refund("ret_1.shp_1", "shp_1", Money("USD", 5999), now) == Outcome("refunded", Money("USD", 5999))
    assert sent(requests_mock) == {"payment_intent": INTENT, "amount": "5999", "metadata[key]": "ret_1.shp_1"}
    assert requests_mock.last_request.headers["Idempotency-Key"] == "ret_1.shp_1"


def test_reads_the_card_behind_a_payment_method(stripe: StripeGateway, requests_mock: mocking.Mocker) -> None:
    requests_mock.get("https://api.stripe.com/v1/payment_methods/pm_1", json=literal("payment_method"))
    assert stripe.look_up("pm_1", "ada@example.com") == Card("J9eTvsiEPmoRkLBN", "visa", "US")


def test_a_customer_who_failed_to_authenticate_is_declined(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    requests_mock.post(CREATE, json=literal("intent.requires_action"))
    asked = stripe.authorize(KEY, "pm_1", HUNDRED, now)
    assert asked.action_url.startswith("https://hooks.stripe.com/redirect/authenticate/")
    failure = {"code": "payment_intent_authentication_failure", "type": "invalid_request_error"}
    waiting = literal("intent.requires_action")
    failed = literal("intent.requires_action", status="requires_payment_method", last_payment_error=failure)
    requests_mock.get(f"{CREATE}/{INTENT}", [{"json": waiting}, {"json": failed}])
    assert stripe.confirm("ord_1.confirm", KEY, now).status == "requires_action", "not finished yet"
    ended = stripe.confirm("ord_1.confirm", KEY, now)
    assert (ended.status, ended.decline_code) == ("declined", "payment_intent_authentication_failure")


@pytest.mark.parametrize(
    ("failure", "means"),
    [
        ({"exc": requests.ConnectTimeout}, GatewayUnavailable),
        ({"exc": requests.ReadTimeout}, GatewayTimeout),
        ({"exc": requests.ConnectionError}, GatewayTimeout),
        ({"status_code": 401, "json": {"error": {"type": "invalid_request_error"}}}, GatewayUnavailable),
        ({"status_code": 409, "json": {"error": {"code": "lock_timeout"}}}, GatewayTimeout),
        ({"status_code": 429, "json": {"error": {"code": "rate_limit"}}}, GatewayUnavailable),
        ({"status_code": 500, "json": {"error": {"type": "api_error"}}}, GatewayTimeout),
        ({"status_code": 502, "text": "<html>Bad gateway</html>"}, GatewayTimeout),
        ({"status_code": 200, "text": "<html>"}, GatewayTimeout),
        ({"status_code": 400, "json": {"error": {"type": "idempotency_error"}}}, GatewayUnavailable),
    ],
)
def test_tells_nothing_was_done_from_nobody_knows(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime, failure: dict[str, Any], means: type[Exception]
) -> None:
    requests_mock.post(CREATE, **failure)
    requests_mock.get(f"{CREATE}/search", json=literal("search.empty"))
    with pytest.raises(means):
        stripe.authorize(KEY, "pm_1", HUNDRED, now)
    assert stripe.outcome(KEY, now).status == ("none" if means is GatewayUnavailable else "unknown")


def test_what_was_asked_without_an_answer_is_found_by_its_key(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    requests_mock.post(CREATE, exc=requests.ReadTimeout)
    requests_mock.get(f"{CREATE}/search", [{"json": literal("search.empty")}, {"json": literal("search")}])
    requests_mock.get(f"{CREATE}/{INTENT}", json=literal("intent.requires_capture"))
    with pytest.raises(GatewayTimeout):
        stripe.authorize(KEY, "pm_1", HUNDRED, now)
    assert stripe.outcome(KEY, now) == Outcome("unknown")
    assert requests_mock.last_request.qs == {"query": ['metadata["key"]:"ord_1.authorize"']}
    assert stripe.outcome(KEY, now).status == "authorized"
    asked = [request.method for request in requests_mock.request_history]
    assert asked.count("POST") == 1, "never authorized a second time"


def test_what_stripe_does_not_find_after_ten_minutes_was_never_made(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    requests_mock.post(CREATE, exc=requests.ReadTimeout)
    requests_mock.get(f"{CREATE}/search", json=literal("search.empty"))
    with pytest.raises(GatewayTimeout):
        stripe.authorize(KEY, "pm_1", HUNDRED, now)
    assert stripe.outcome(KEY, now + timedelta(minutes=9, seconds=59)).status == "unknown"
    assert stripe.outcome(KEY, now + timedelta(minutes=10)).status == "none"


def test_a_void_waits_until_it_is_known_whether_anything_is_held(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    requests_mock.post(CREATE, exc=requests.ReadTimeout)
    requests_mock.get(f"{CREATE}/search", json=literal("search.empty"))
    with pytest.raises(GatewayTimeout):
        stripe.authorize(KEY, "pm_1", HUNDRED, now)
    with pytest.raises(GatewayTimeout):
        stripe.void("ord_1.void", KEY, now)
    assert stripe.void("ord_1.void", KEY, now + timedelta(minutes=10)) == Outcome("voided")


def test_an_authorization_that_was_voided_on_its_way_is_cancelled(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    def voided_meanwhile(request: Any, context: Any) -> dict[str, Any]:
        stripe.void("ord_1.void", KEY, now + timedelta(minutes=10))
        return literal("intent.requires_capture")

    requests_mock.post(CREATE, json=voided_meanwhile)
    requests_mock.get(f"{CREATE}/search", json=literal("search.empty"))
    cancelled = requests_mock.post(f"{CREATE}/{INTENT}/cancel", json=literal("intent.canceled"))
    late = stripe.authorize(KEY, "pm_1", HUNDRED, now)
    assert (late.status, late.decline_code) == ("declined", "authorization_voided")
    assert cancelled.call_count == 1


def test_a_capture_without_answer_is_repeated_under_its_key_for_as_long_as_stripe_keeps_it(
    held: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    tried = requests_mock.post(f"{CREATE}/{INTENT}/capture", status_code=500, json={"error": {"type": "api_error"}})
    for hours in (0, 20, 21, 30):
        with pytest.raises(GatewayTimeout):
            held.capture("shp_1", KEY, Money("USD", 3000), now + timedelta(hours=hours))
    assert tried.call_count == 2
    assert {request.headers["Idempotency-Key"] for request in tried.request_history} == {"shp_1"}


@pytest.mark.parametrize(
    ("amount", "units"),
    [(Money("USD", 1099), "1099"), (Money("JPY", 500), "500"), (Money("ISK", 5), "500"), (Money("EUR", 1), "1")],
)
def test_amounts_are_in_stripes_units(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime, amount: Money, units: str
) -> None:
    found = literal("intent.requires_capture", amount=int(units), currency=amount.currency.lower())
    requests_mock.post(CREATE, json=found)
    assert stripe.authorize(KEY, "pm_1", amount, now).amount == amount
    assert sent(requests_mock)["amount"] == units


def test_currencies_of_three_decimals_are_declined_without_asking(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime
) -> None:
    declined = stripe.authorize(KEY, "pm_1", Money("KWD", 12345), now)
    assert (declined.status, declined.decline_code) == ("declined", "currency_not_supported")
    assert requests_mock.call_count == 0


def test_the_secret_key_is_in_no_log_and_no_description(
    stripe: StripeGateway, requests_mock: mocking.Mocker, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    settings = read_settings({"BOUTIQUE_GATEWAY": "stripe", "BOUTIQUE_STRIPE_KEY": "sk_test_secret"})
    assert (settings.gateway, settings.stripe_key) == ("stripe", "sk_test_secret")
    requests_mock.post(CREATE, status_code=401, json={"error": {"message": "Invalid API Key: sk_test_secret"}})
    with caplog.at_level(logging.DEBUG), pytest.raises(GatewayUnavailable):
        stripe.authorize(KEY, "pm_1", HUNDRED, now)
    assert "sk_test" not in f"{settings} {caplog.text}"
