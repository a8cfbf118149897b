"""Orders that were paid elsewhere: what is in what was paid, every figure computed by hand beside it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.pricing.extract_tax import ExtractTax, extract_tax
from functions.pricing.prices import Prices
from functions.pricing.tax import Tax
from shared.errors import CurrencyNotAccepted, Invalid, UnknownSku
from shared.settings import Settings
from tests.functions.pricing.orders import BERLIN, CALIFORNIA, MUG, SOFA, SUNGLASSES

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


def paid(*lines: tuple[str, int, str], to: Any = CALIFORNIA, currency: str = "USD", shipping: str = "8.99") -> Prices:
    command = ExtractTax.model_validate(
        {
            "currency": currency,
            "lines": [
                {"sku": sku, "quantity": quantity, "paid": {"currency": currency, "amount": amount}}
                for sku, quantity, amount in lines
            ],
            "shipping": {"currency": currency, "amount": shipping},
            "shipping_address": to,
            "at": AT,
        }
    )
    return extract_tax(command, Tax.connect(Settings()))


def test_california_tax_is_taken_out_of_what_was_paid() -> None:
    prices = paid((SUNGLASSES, 2, "39.98"), (MUG, 1, "8.99"))

    # 39.98 x 0.0725 / 1.0725 = 2.7026 -> 2.70; 8.99 -> 0.6077 -> 0.61; shipping is not taxed there
    assert [(line.tax.amount, line.total.amount) for line in prices.lines] == [("2.70", "39.98"), ("0.61", "8.99")]
    # 19.99 / 1.0725 = 18.6387 -> 18.64 x 2 = 37.28 = 39.98 - 2.70, so nothing is left to round
    assert [(line.unit_price.amount, line.rounding.amount) for line in prices.lines] == [
        ("18.64", "0.00"),
        ("8.38", "0.00"),
    ]
    assert (prices.shipping.amount, prices.shipping_tax.amount) == ("8.99", "0.00")
    assert (prices.tax.amount, prices.total.amount, prices.seller) == ("3.31", "57.96", "ob-us")


def test_german_tax_is_taken_out_of_goods_and_shipping() -> None:
    prices = paid((SUNGLASSES, 3, "60.00"), to=BERLIN, currency="EUR", shipping="10.00")

    # 60.00 x 0.19 / 1.19 = 9.5798 -> 9.58; 10.00 -> 1.5966 -> 1.60; 20.00 / 1.19 = 16.8067 -> 16.81 x 3 = 50.43
    (line,), (charge,) = prices.lines, prices.shipping_charges
    assert (line.tax.amount, line.unit_price.amount, line.rounding.amount) == ("9.58", "16.81", "-0.01")
    assert (charge.net.amount, charge.tax.amount, charge.jurisdiction) == ("8.40", "1.60", "DE")
    assert prices.total.amount == "70.00"
    assert prices.exchange_rate is not None


@pytest.mark.parametrize("pieces", range(1, 30))
@pytest.mark.parametrize("amount", ["0.01", "7.77", "99.99"])
def test_the_total_is_always_what_was_paid(pieces: int, amount: str) -> None:
    prices = paid((SUNGLASSES, pieces, amount), to=BERLIN, currency="EUR")

    whole = prices.subtotal - prices.discount + prices.rounding + prices.shipping + prices.tax
    assert whole == prices.total == prices.lines[0].total + prices.shipping_charges[0].net + prices.shipping_tax
    assert prices.lines[0].total.amount == amount


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(Invalid, match="freight"):
        paid((SOFA, 1, "899.00"))
    with pytest.raises(UnknownSku):
        paid(("NOSUCHSKU", 1, "1.00"))
    with pytest.raises(CurrencyNotAccepted):
        paid((MUG, 1, "1.00"), currency="UYU", shipping="1.00")
    with pytest.raises(Invalid, match="not below zero"):
        paid((MUG, 1, "-1.00"))
