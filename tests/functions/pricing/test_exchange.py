"""Conversion from the price list's dollars."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from functions.pricing.exchange import converted, rate_to
from shared.errors import Invalid
from shared.values.money import Money

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cents", "currency", "minor"),
    [
        (19_99, "USD", 19_99),
        (19_99, "EUR", 17_68),  # 17.68244…
        (19_99, "GBP", 15_20),  # 19.99 x 0.85970 / 1.1305 = 15.20174…
        (1, "JPY", 1),  # 1.118…: whole yen
        (19_99, "KRW", 22546),  # 19.99 x 1275.05 / 1.1305 = 22546.05…
        (19_99, "KWD", 6_071),  # 6.070963
        (5, "KWD", 15),  # 0.015185
        (0, "KWD", 0),
    ],
)
def test_converts_and_rounds_half_up_to_the_minor_unit(cents: int, currency: str, minor: int) -> None:
    assert converted(Money("USD", cents), rate_to(currency, AT)) == Money(currency, minor)


def test_half_a_minor_unit_goes_up() -> None:
    rate = rate_to("KWD", AT).model_copy(update={"per_usd": Decimal("0.25")})

    assert converted(Money("USD", 1), rate) == Money("KWD", 3)  # 0.0025 KWD


def test_the_rate_has_ten_significant_digits_and_its_day() -> None:
    rate = rate_to("EUR", AT)

    assert rate.per_usd == Decimal("0.8845643521")
    assert rate.valid_from.isoformat() == "2019-03-06"


def test_the_dollar_is_taken_for_itself() -> None:
    assert rate_to("USD", AT).per_usd == 1


def test_no_rate_reaches_back_before_its_day() -> None:
    with pytest.raises(Invalid, match="2019-03-06"):
        rate_to("EUR", datetime(2019, 3, 5, 23, 59, tzinfo=UTC))
