"""Stripe's adapter keeps the gateway's contract, as far as literal answers can show it.

The answers in `stripe/` follow Stripe's API reference; they were not recorded from Stripe itself.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import requests_mock as mocking

from functions.payment.gateway import Gateway
from functions.payment.stripe_gateway import StripeGateway
from functions.payment.stripe_wire import StripeWire
from shared.settings import Settings
from shared.storage import Database
from tests.contracts.gateway import GatewayContract

HERE = "https://api.stripe.com"
CREATE, SEARCH, REFUND = "/v1/payment_intents", "/v1/payment_intents/search", "/v1/refunds"
INTENT = "pi_3PaXhE2eZvKYlo2C0PqKEhwP"
CAPTURE, CANCEL = f"{CREATE}/{INTENT}/capture", f"{CREATE}/{INTENT}/cancel"
STATUS = {
    "error.card_declined": 402,
    "error.insufficient_funds": 402,
    "error.expired_card": 402,
    "error.rate_limit": 429,
}
TEN_MINUTES = 600
BY_TOKEN = {
    "tok_declined": "error.card_declined",
    "tok_insufficient_funds": "error.insufficient_funds",
    "tok_expired": "error.expired_card",
    "tok_processing_error": "error.rate_limit",
    "tok_forged": "error.resource_missing",
    "tok_3ds": "intent.requires_action",
}
"""What a PaymentIntent with this PaymentMethod is answered with; with any other: intent.requires_capture."""
CHECKS = {"tok_avs_mismatch": ("fail", "pass"), "tok_cvc_mismatch": ("pass", "fail")}

CAPTURED: dict[str, Any] = {"amount_received": 3000, "amount_capturable": 7000}
LATER: dict[str, list[tuple[str, list[Any]]]] = {
    "test_answers_the_same_for_the_same_key": [
        (CAPTURE, [("intent.requires_capture", CAPTURED)]),
        (CANCEL, [("intent.canceled", {"amount_received": 3000})]),
    ],
    "test_captures_to_the_cent_and_no_further": [
        (CAPTURE, ["intent.requires_capture", "error.amount_too_large", "intent.requires_capture", "error.succeeded"])
    ],
    "test_no_capture_after_void": [(CANCEL, ["intent.canceled"])],
    "test_no_capture_after_expiry": [(CAPTURE, ["intent.requires_capture", "error.expired"])],
    "test_3d_secure_cannot_be_finished_after_a_void": [(CANCEL, ["intent.canceled"])],
    "test_3d_secure_holds_nothing_until_confirmed": [(CAPTURE, ["intent.requires_capture"])],
    "test_refunds_to_the_cent_and_no_further": [
        (CAPTURE, ["intent.requires_capture"]),
        (REFUND, ["refund", "error.refund_too_large", "refund"]),
    ],
    "test_refunds_nothing_that_was_not_captured": [(CAPTURE, ["error.card_declined"])],
    "test_says_when_it_cannot_refund": [(CAPTURE, ["intent.requires_capture"]), (REFUND, ["refund.failed"])],
}
"""What further requests of each test are answered with, in turn."""


def literal(name: str, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / "stripe" / f"{name}.json").read_text("utf-8"))
    return {**found, **changes}


def answer(step: Any) -> dict[str, Any]:
    name, changes = (step, {}) if isinstance(step, str) else step
    return {"json": literal(name, **changes), "status_code": STATUS.get(name, 400 if name.startswith("error") else 200)}


def created(request: Any, context: Any) -> Any:
    """Answer a request to make a PaymentIntent by its PaymentMethod."""
    token = request.text.partition("payment_method=")[2].partition("&")[0]
    if token == "tok_timeout":
        raise requests.ReadTimeout
    step = answer(BY_TOKEN.get(token, "intent.requires_capture"))
    context.status_code = step["status_code"]
    checks = dict(zip(("address_postal_code_check", "cvc_check"), CHECKS.get(token, (None, None)), strict=True))
    if token in CHECKS:
        step["json"]["latest_charge"]["payment_method_details"]["card"]["checks"] = checks
    return step["json"]


def authenticated() -> dict[str, Any]:
    """The PaymentIntent after its customer has authenticated: held for seven days from then."""
    found = literal("intent.requires_capture")
    found["latest_charge"]["payment_method_details"]["card"]["capture_before"] += TEN_MINUTES
    return found


class TestStripeGateway(GatewayContract):
    # What Stripe's cards do not do, and what needs answers that depend on each other:
    test_refuses_each_capture_of_a_card_that_fails = None
    test_captures_at_once_never_exceed = None

    @pytest.fixture
    def gateway(
        self, database_of: Callable[[str], Database], requests_mock: mocking.Mocker, request: pytest.FixtureRequest
    ) -> Gateway:
        name = request.node.originalname
        stands = authenticated() if name.startswith("test_3d_secure") else literal("intent.requires_capture")
        requests_mock.post(HERE + CREATE, json=created)
        requests_mock.get(f"{HERE}{CREATE}/{INTENT}", json=stands)
        requests_mock.get(HERE + SEARCH, [answer("search.empty"), answer("search")])
        unknown = literal("error.resource_missing")
        requests_mock.get(f"{HERE}/v1/payment_methods/tok_forged", status_code=404, json=unknown)
        for path, steps in LATER.get(name, []):
            requests_mock.post(HERE + path, [answer(step) for step in steps])
        settings = Settings(gateway="stripe", stripe_key="sk_test_secret")
        return StripeGateway(database_of("gateway"), StripeWire(settings), settings.storefront)


def test_is_chosen_by_setting(tmp_path: Path, now: datetime) -> None:
    from shared.storage.connect import close_all

    try:
        assert Gateway.connect(Settings(data=tmp_path, gateway="stripe")).name == "stripe"
        assert Gateway.connect(Settings(data=tmp_path)).name == "sandbox"
    finally:
        close_all()
