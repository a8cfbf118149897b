"""Looking up a card: its fingerprint, and what is no token."""

import logging

import pytest

from functions.payment.look_up_card import LookUpCard, look_up_card
from shared.errors import CardNumberRefused, Invalid
from tests.functions.payment.conftest import Payment


def look_up(payment: Payment, token: str, email: str = "ada@example.com"):
    return look_up_card(LookUpCard(token=token, email=email), payment.gateway)


@pytest.mark.parametrize(
    ("token", "brand", "country"),
    [
        ("tok_visa", "visa", "US"),
        ("tok_mastercard", "mastercard", "US"),
        ("tok_declined", "visa", "US"),
        ("tok_insufficient_funds", "visa", "US"),
        ("tok_expired", "mastercard", "US"),
        ("tok_processing_error", "visa", "US"),
        ("tok_timeout", "visa", "US"),
        ("tok_capture_fails", "visa", "US"),
        ("tok_3ds", "visa", "NL"),
    ],
)
def test_describes_the_card(payment: Payment, token: str, brand: str, country: str) -> None:
    card = look_up(payment, token)
    assert (card.brand, card.country) == (brand, country)


def test_the_fingerprint_follows_from_token_and_email(payment: Payment) -> None:
    ada = look_up(payment, "tok_visa").fingerprint
    assert ada == "fp_232eeab923fe4ce38b349cb2a840fc1a"
    assert look_up(payment, "tok_visa", " ADA@Example.com ").fingerprint == ada
    assert look_up(payment, "tok_mastercard").fingerprint != ada
    assert look_up(payment, "tok_visa", "bob@example.com").fingerprint != ada


def test_refuses_an_unknown_token(payment: Payment) -> None:
    with pytest.raises(Invalid) as refused:
        look_up(payment, "tok_forged")
    assert refused.value.extra["errors"] == [
        {"field": "payment.token", "message": "expected a token that the gateway gave out"}
    ]


@pytest.mark.parametrize(
    "number",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "3782-822463-10005",
        "6304000000000000",
        "tok_4242424242424242",
        "card: 5555.5555.5555.4444!",
    ],
)
def test_refuses_a_card_number_and_never_repeats_or_logs_it(
    payment: Payment, number: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(CardNumberRefused) as refused:
        look_up(payment, number)
    said = f"{refused.value} {refused.value.extra} {caplog.text}"
    assert number not in said
    assert number[-4:] not in said


@pytest.mark.parametrize("text", ["4242424242424241", "tok_visa", "42424242424", "1234567890123"])
def test_what_fails_the_check_digit_is_just_no_token(payment: Payment, text: str) -> None:
    if text == "tok_visa":
        assert look_up(payment, text).brand == "visa"
        return
    with pytest.raises(Invalid):
        look_up(payment, text)
