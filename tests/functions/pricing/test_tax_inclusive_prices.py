"""Worked examples: the Swedish consumer list, whose prices hold the tax. Mug 104.99, jar 64.99, watch 1,279.00 SEK.

The customer pays price x quantity - discount to the last öre. Net figures are derived: 25 % tax is a fifth of it.
"""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.pricing.catalogue import products
from functions.pricing.price_lists import price_list_for
from tests.functions.pricing.orders import JAR, MUG, WATCH, address, charge_figures, figures, order, price

SWEDEN = address("SE", zip_code="111 20")
SWEDISH, DUTCH = "SE556188840401", "NL000099998B57"

LINES = [
    # product, pieces, tier -> unit price, discount, rounding, tax, total (what is paid for the line)
    (MUG, 1, "bronze", "83.99", "0.00", "0.00", "21.00", "104.99"),  # 104.99 / 5 = 20.998; 83.992
    (JAR, 3, "bronze", "51.99", "0.00", "0.01", "38.99", "194.97"),  # 38.994; net 155.98 = 3 x 51.99 + 0.01
    (MUG, 40, "bronze", "83.99", "0.00", "0.08", "839.92", "4199.60"),  # net 3359.68 = 40 x 83.99 + 0.08
    (WATCH, 1, "gold", "1023.20", "51.16", "0.00", "243.01", "1215.05"),  # 5 % of 1279.00 = 63.95; 51.16 net
    (JAR, 3, "platinum", "51.99", "12.48", "0.01", "35.87", "179.37"),  # 15.60 off; 179.37 / 5 = 35.874
    (MUG, 1, "silver", "83.99", "2.52", "0.00", "20.37", "101.84"),  # 3.15 off; 101.84 / 5 = 20.368; 81.47
    (MUG, 50, "bronze", "74.39", "0.00", "0.10", "929.90", "4649.50"),  # 92.99 from 50 on; net 3719.60
]


@pytest.mark.parametrize(("sku", "quantity", "tier", "unit_price", "discount", "rounding", "tax", "total"), LINES)
def test_the_customer_pays_the_listed_price(
    sku: str, quantity: int, tier: str, unit_price: str, discount: str, rounding: str, tax: str, total: str
) -> None:
    prices = price((sku, quantity), to=SWEDEN, currency="SEK", tier=tier)
    [line] = prices.lines

    found = (line.unit_price, line.discount, line.rounding, line.tax, line.total)
    assert [money.amount for money in found] == [unit_price, discount, rounding, tax, total]
    assert (line.tax_rate, line.tax_treatment, line.jurisdiction) == ("0.25", "oss", "SE")
    assert (prices.price_list, prices.prices_include_tax, prices.seller) == ("se-consumer", True, "ob-eu")


def test_a_whole_order_in_every_figure() -> None:
    prices = price((JAR, 3), (MUG, 2), to=SWEDEN, currency="SEK", tier="silver")

    # 194.97 + 209.98 = 404.95; 3 % = 12.1485 -> 12.15, by 19497:20998 -> 5.85 and 6.30; paid 189.12 and 203.68
    assert [line.total.amount for line in prices.lines] == ["189.12", "203.68"]
    assert [line.tax.amount for line in prices.lines] == ["37.82", "40.74"]  # 37.824; 40.736
    assert charge_figures(prices) == [("parcel", "83.80", "20.95", "0.25")]  # 1610 g: 8.99 USD -> 83.7967
    assert figures(prices) == {
        "subtotal": "323.95",  # 155.97 + 167.98
        "discount": "9.72",  # 4.68 + 5.04
        "rounding": "0.01",
        "shipping": "83.80",
        "shipping_tax": "20.95",
        "tax": "99.51",
        "total": "497.55",  # 189.12 + 203.68 + 104.75
    }
    assert prices.exchange_rate is not None
    assert prices.exchange_rate.rate == "9.321096860"


def test_a_sale_on_this_list_is_of_this_list_alone() -> None:
    sale = "2026-06-20T12:00:00Z"

    assert price((MUG, 1), to=SWEDEN, currency="SEK", at=sale).lines[0].total.amount == "84.99"
    assert price((MUG, 1), to=SWEDEN, currency="USD", at=sale).lines[0].unit_price.amount == "8.99"


def test_a_business_pays_the_price_without_the_tax_in_it() -> None:
    prices = price((JAR, 3), to=SWEDEN, currency="SEK", vat_id=SWEDISH)
    [line] = prices.lines

    assert (line.unit_price.amount, line.rounding.amount, line.tax.amount, line.total.amount) == (
        "51.99",  # 64.99 / 1.25 = 51.992
        "0.00",
        "0.00",
        "155.97",
    )
    assert line.tax_treatment == "intra_community"


def test_a_business_that_bears_another_tax_pays_that_on_the_price_without_tax() -> None:
    [line] = price((MUG, 2), to=SWEDEN, currency="SEK", vat_id=DUTCH).lines

    assert (line.tax_rate, line.jurisdiction) == ("0.21", "NL")
    assert (line.unit_price.amount, line.tax.amount, line.total.amount) == ("83.99", "35.28", "203.26")  # 35.2758


def test_in_dollars_a_swede_is_priced_without_tax_and_taxed_on_top() -> None:
    prices = price((MUG, 1), to=SWEDEN)

    assert (prices.lines[0].unit_price.amount, prices.lines[0].tax.amount) == ("8.99", "2.25")
    assert prices.prices_include_tax is False


@settings(max_examples=100, deadline=None)
@given(
    basket=st.lists(st.tuples(st.sampled_from(sorted(products())), st.integers(1, 300)), min_size=1, max_size=8),
    tier=st.sampled_from(("bronze", "silver", "gold", "platinum")),
)
def test_every_identity_holds_and_rounding_stays_small(basket: list[tuple[str, int]], tier: str) -> None:
    has_freight = any(sku.startswith("FURN") for sku, _ in basket)
    more: dict[str, Any] = {"freight": {"currency": "USD", "amount": "99.00"}} if has_freight else {}
    prices = price(*basket, to=SWEDEN, currency="SEK", tier=tier, **more)
    at, listed = order((MUG, 1)).at, price_list_for("SEK", "SE")
    percent = {"bronze": 0, "silver": 3, "gold": 5, "platinum": 8}[tier]
    gross = sum(listed.price(sku, quantity, at).minor * quantity for sku, quantity in basket)

    assert sum(line.total.minor for line in prices.lines) == gross - (gross * percent + 50) // 100
    for line in prices.lines:
        net = line.unit_price.minor * line.quantity - line.discount.minor + line.rounding.minor
        assert line.total.minor == net + line.tax.minor
        assert abs(line.rounding.minor) <= line.quantity / 2 + 1
    totals = prices.subtotal - prices.discount + prices.rounding + prices.shipping + prices.tax
    assert totals == prices.total
