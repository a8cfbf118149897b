"""Worked examples: one order in currencies of none, two and three minor digits.

Gold (5 %), three pairs of sunglasses at 19.99 USD and a mug at 8.99 USD to California (7.25 %, shipping untaxed); the
parcel of 520 g costs 7.99 USD. Each unit price is converted and rounded half up, and only then multiplied; the discount
is 5 % of the subtotal, rounded once and apportioned by largest remainder.
"""

import pytest

from tests.functions.pricing.orders import MUG, SUNGLASSES, figures, line_figures, price

ORDERS = [
    # rate to USD, sunglasses, mug, subtotal, discounts, taxes, shipping, total
    ("USD", None, "19.99", "8.99", "68.96", ("3.00", "0.45"), ("4.13", "0.62"), "7.99", "78.25"),
    ("EUR", "0.8845643521", "17.68", "7.95", "60.99", ("2.65", "0.40"), ("3.65", "0.55"), "7.07", "69.21"),
    ("GBP", "0.7604599735", "15.20", "6.84", "52.44", ("2.28", "0.34"), ("3.14", "0.47"), "6.08", "59.51"),
    ("SEK", "9.321096860", "186.33", "83.80", "642.79", ("27.95", "4.19"), ("38.50", "5.77"), "74.48", "729.40"),
    ("HUF", "279.0888987", "5578.99", "2509.01", "19245.98", ("836.85", "125.45"), ("1152.76", "172.81"), "2229.92",
     "21839.17"),
    ("JPY", "111.8089341", "2235", "1005", "7710", ("336", "50"), ("462", "69"), "893", "8748"),
    ("ISK", "121.0084034", "2419", "1088", "8345", ("363", "54"), ("500", "75"), "967", "9470"),
    ("KWD", "0.3037", "6.071", "2.730", "20.943", ("0.911", "0.136"), ("1.254", "0.188"), "2.427", "23.765"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "rate", "sunglasses", "mug", "subtotal", "discounts", "taxes", "shipping", "total"),
    ORDERS,
    ids=[row[0] for row in ORDERS],
)
def test_one_order_in_every_kind_of_currency(
    currency: str,
    rate: str | None,
    sunglasses: str,
    mug: str,
    subtotal: str,
    discounts: tuple[str, str],
    taxes: tuple[str, str],
    shipping: str,
    total: str,
) -> None:
    prices = price((SUNGLASSES, 3), (MUG, 1), currency=currency, tier="gold")
    lines, found = line_figures(prices), figures(prices)

    assert (prices.exchange_rate.rate if prices.exchange_rate else None) == rate
    assert [line[0] for line in lines] == [sunglasses, mug]
    assert tuple(line[1] for line in lines) == discounts
    assert tuple(line[2] for line in lines) == taxes
    assert (found["subtotal"], found["shipping"], found["total"]) == (subtotal, shipping, total)
    assert prices.total.currency == currency
