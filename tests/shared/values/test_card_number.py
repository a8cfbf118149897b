"""What is taken for a card number, and what is not."""

import pytest

from shared.values.card_number import looks_like_card_number


@pytest.mark.parametrize(
    "text", ["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "pay with 378282246310005 please"]
)
def test_takes_digits_that_pass_the_luhn_check(text: str) -> None:
    assert looks_like_card_number(text)


@pytest.mark.parametrize("text", ["", "tok_visa", "4111111111111112", "1600 Amphitheatre Parkway", "41111111111"])
def test_takes_nothing_else(text: str) -> None:
    assert not looks_like_card_number(text)
