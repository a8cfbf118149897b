"""Each row is held against the `iso4217` package, which is made from the maintenance agency's own list."""

import pytest
from iso4217 import Currency

from shared.values.currency import MINOR_DIGITS


@pytest.mark.parametrize("code", sorted(MINOR_DIGITS))
def test_a_currency_exists_and_has_its_minor_digits(code: str) -> None:
    assert Currency(code).exponent == MINOR_DIGITS[code]


def test_currencies_with_none_and_three_digits_are_there() -> None:
    assert {MINOR_DIGITS[code] for code in ("JPY", "USD", "KWD")} == {0, 2, 3}
