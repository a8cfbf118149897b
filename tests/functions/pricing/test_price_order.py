"""Worked examples: every figure of an order, computed by hand beside it."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.pricing.catalogue import products
from shared.errors import CurrencyNotAccepted, Invalid, UnknownSku
from tests.functions.pricing.orders import (
    BERLIN,
    CALIFORNIA,
    KUWAIT,
    MUG,
    NEW_YORK,
    PORTLAND,
    SOFA,
    SUNGLASSES,
    TABLE,
    TOKYO,
    charge_figures,
    figures,
    line_figures,
    order,
    price,
    usd,
)


def test_prices_a_gold_order_to_california_in_every_figure() -> None:
    prices = price((SUNGLASSES, 2), (MUG, 1), tier="gold")

    # 48.97 x 5 % = 2.4485 -> 2.45; 245 cents by 3998:899 -> 200.02 and 44.98: the remainder of .98 gets the last cent
    assert line_figures(prices) == [
        ("19.99", "2.00", "2.75", "40.73", "0.0725"),  # (39.98 - 2.00) x 7.25 % = 2.75355
        ("8.99", "0.45", "0.62", "9.16", "0.0725"),  # (8.99 - 0.45) x 7.25 % = 0.61915
    ]
    assert charge_figures(prices) == [("parcel", "4.99", "0.00", "0")]  # 460 g; California leaves shipping untaxed
    assert figures(prices) == {
        "subtotal": "48.97",
        "discount": "2.45",
        "rounding": "0.00",
        "shipping": "4.99",
        "shipping_tax": "0.00",
        "tax": "3.37",
        "total": "54.88",
    }
    assert prices.exchange_rate is None


def test_prices_a_german_order_in_euro_with_its_rate_source_and_date() -> None:
    prices = price((SUNGLASSES, 1), (MUG, 3), to=BERLIN, currency="EUR")

    # 1 USD = 1 / 1.1305 EUR = 0.8845643521; 19.99 -> 17.6824 -> 17.68; 8.99 -> 7.9522 -> 7.95, and only then x 3
    assert line_figures(prices) == [
        ("17.68", "0.00", "3.36", "21.04", "0.19"),  # 17.68 x 19 % = 3.3592
        ("7.95", "0.00", "4.53", "28.38", "0.19"),  # 23.85 x 19 % = 4.5315
    ]
    assert charge_figures(prices) == [("parcel", "7.95", "1.51", "0.19")]  # 1080 g: 8.99 USD; 7.95 x 19 % = 1.5105
    assert figures(prices) == {
        "subtotal": "41.53",
        "discount": "0.00",
        "rounding": "0.00",
        "shipping": "7.95",
        "shipping_tax": "1.51",
        "tax": "9.40",
        "total": "58.88",
    }
    told = prices.model_dump(mode="json")["exchange_rate"]
    assert told == {
        "rate": "0.8845643521",
        "base": "USD",
        "provider": "Online Boutique currency table (European Central Bank reference rates, per 1 EUR)",
        "date": "2019-03-06",
    }


def test_prices_a_japanese_order_in_whole_yen_and_without_tax() -> None:
    prices = price((SUNGLASSES, 1), (MUG, 2), to=TOKYO, currency="JPY", tier="silver")

    # 1 USD = 126.40 / 1.1305 = 111.8089341 JPY; 19.99 -> 2235.06 -> 2235; 8.99 -> 1005.16 -> 1005
    # 4245 x 3 % = 127.35 -> 127, by 2235:2010 -> 66.87 and 60.13 -> 67 and 60
    assert line_figures(prices) == [("2235", "67", "0", "2168", "0"), ("1005", "60", "0", "1950", "0")]
    assert charge_figures(prices) == [("parcel", "2794", "0", "0")]  # 740 g: 24.99 USD -> 2794.105
    assert figures(prices) == {
        "subtotal": "4245",
        "discount": "127",
        "rounding": "0",
        "shipping": "2794",
        "shipping_tax": "0",
        "tax": "0",
        "total": "6912",
    }


def test_prices_a_kuwaiti_order_in_thousandths_of_a_dinar() -> None:
    prices = price((SUNGLASSES, 3), to=KUWAIT, currency="KWD", tier="platinum")

    # 1 USD = 0.3037 KWD; 19.99 -> 6.070963 -> 6.071; x 3 = 18.213; 8 % = 1.45704 -> 1.457
    assert line_figures(prices) == [("6.071", "1.457", "0.000", "16.756", "0")]
    assert charge_figures(prices) == [("parcel", "4.552", "0.000", "0")]  # 180 g: 14.99 USD -> 4.552463
    assert figures(prices)["total"] == "21.308"
    assert prices.exchange_rate is not None
    assert prices.exchange_rate.rate == "0.3037"
    assert prices.exchange_rate.provider.startswith("International Monetary Fund")


def test_charges_parcels_and_freight_apart_and_taxes_both_where_the_state_does() -> None:
    prices = price((TABLE, 1), (MUG, 2), to=NEW_YORK, tier="platinum", freight=usd("129.50"))

    # 666.98 x 8 % = 53.3584 -> 53.36; 5336 cents by 64900:1798 -> 5192.15 and 143.85: the last cent goes to the mugs
    assert line_figures(prices) == [
        ("649.00", "51.92", "23.88", "620.96", "0.04"),  # 597.08 x 4 % = 23.8832
        ("8.99", "1.44", "0.66", "17.20", "0.04"),  # 16.54 x 4 % = 0.6616
    ]
    assert charge_figures(prices) == [
        ("parcel", "7.99", "0.32", "0.04"),  # 680 g of mugs alone; 0.3196
        ("freight", "129.50", "5.18", "0.04"),
    ]
    assert figures(prices) == {
        "subtotal": "666.98",
        "discount": "53.36",
        "rounding": "0.00",
        "shipping": "137.49",
        "shipping_tax": "5.50",
        "tax": "30.04",
        "total": "781.15",
    }


def test_furniture_alone_pays_freight_converted_like_a_price_and_no_parcel_rate() -> None:
    prices = price((SOFA, 1), to=BERLIN, currency="EUR", freight=usd("210.00"))

    assert charge_figures(prices) == [("freight", "185.76", "35.29", "0.19")]  # 185.7585 -> 185.76; x 19 % = 35.2944


def test_oregon_has_no_sales_tax() -> None:
    prices = price((SUNGLASSES, 1), to=PORTLAND)

    assert line_figures(prices) == [("19.99", "0.00", "0.00", "19.99", "0")]
    assert figures(prices)["tax"] == "0.00"
    assert figures(prices)["total"] == "24.98"


def test_answers_lines_as_the_events_of_orders_carry_them() -> None:
    line = price((MUG, 1)).model_dump(mode="json")["lines"][0]

    assert line == {
        "sku": MUG,
        "name": "Mug",
        "quantity": 1,
        "fulfilment": "parcel",
        "weight_g": 340,
        "categories": ["kitchen"],
        "unit_price": usd("8.99"),
        "discount": usd("0.00"),
        "rounding": usd("0.00"),
        "tax": usd("0.65"),
        "tax_rate": "0.0725",
        "tax_code": "standard",
        "tax_treatment": "us_nexus",
        "jurisdiction": "US-CA",
        "total": usd("9.64"),
    }


@pytest.mark.parametrize("currency", ["HRK", "BGN", "RUB", "CLP", "XXX"])
def test_refuses_a_currency_that_is_gone_or_has_no_rate(currency: str) -> None:
    with pytest.raises(CurrencyNotAccepted) as refused:
        price((MUG, 1), currency=currency)

    assert refused.value.extra == {"currency": currency}


def test_names_every_unknown_sku() -> None:
    with pytest.raises(UnknownSku) as refused:
        price(("NO-SUCH-2", 1), (MUG, 1), ("NO-SUCH-1", 1))

    assert refused.value.extra == {"skus": ["NO-SUCH-1", "NO-SUCH-2"]}


@pytest.mark.parametrize(
    ("lines", "freight"),
    [
        ([(TABLE, 1)], None),
        ([(MUG, 1)], usd("10.00")),
        ([(TABLE, 1)], usd("-0.01")),
        ([(TABLE, 1)], {"currency": "EUR", "amount": "10.00"}),
        ([(TABLE, 1)], usd("1000000000.01")),
    ],
    ids=["furniture without freight", "freight without furniture", "below zero", "not in dollars", "beyond measure"],
)
def test_refuses_freight_that_does_not_fit(lines: list[tuple[str, int]], freight: dict[str, str] | None) -> None:
    with pytest.raises(Invalid, match="freight"):
        price(*lines, freight=freight)


@pytest.mark.parametrize(
    "change",
    [{"tier": "diamond"}, {"currency": "usd"}, {"lines": []}, {"at": "2026-11-20T08:00:00"}, {"coupon": "X"}],
    ids=str,
)
def test_rejects_an_order_it_does_not_understand(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        order((MUG, 1), **change)


ACCEPTED = ("USD", "EUR", "GBP", "JPY", "KRW", "KWD", "IDR", "SEK")
DESTINATIONS = (CALIFORNIA, NEW_YORK, PORTLAND, BERLIN, TOKYO, KUWAIT)
baskets = st.lists(st.tuples(st.sampled_from(sorted(products())), st.integers(1, 400)), min_size=1, max_size=12)


@settings(max_examples=150, deadline=None)
@given(
    basket=baskets,
    to=st.sampled_from(DESTINATIONS),
    currency=st.sampled_from(ACCEPTED),
    tier=st.sampled_from(("bronze", "silver", "gold", "platinum")),
    freight_cents=st.integers(0, 10_000_00),
)
def test_every_identity_holds_exactly(
    basket: list[tuple[str, int]], to: dict[str, Any], currency: str, tier: str, freight_cents: int
) -> None:
    has_freight = any(sku.startswith("FURN") for sku, _ in basket)
    freight = usd(f"{freight_cents // 100}.{freight_cents % 100:02d}") if has_freight else None
    prices = price(*basket, to=to, currency=currency, tier=tier, freight=freight)
    lines, charges = prices.lines, prices.shipping_charges

    for line in lines:
        amount = line.unit_price.minor * line.quantity
        assert line.total.minor == amount - line.discount.minor + line.rounding.minor + line.tax.minor
        assert line.rounding.minor == 0
        assert line.tax.minor == half_up((amount - line.discount.minor) * Decimal(line.tax_rate))
        assert 0 <= line.discount.minor <= amount
    for charge in charges:
        assert charge.tax.minor == half_up(charge.net.minor * Decimal(charge.tax_rate))
    percent = {"bronze": 0, "silver": 3, "gold": 5, "platinum": 8}[tier]
    assert prices.subtotal.minor == sum(line.unit_price.minor * line.quantity for line in lines)
    assert prices.discount.minor == sum(line.discount.minor for line in lines)
    assert prices.discount.minor == half_up(prices.subtotal.minor * Decimal(percent) / 100)
    assert prices.shipping.minor == sum(charge.net.minor for charge in charges)
    assert prices.shipping_tax.minor == sum(charge.tax.minor for charge in charges)
    assert prices.tax.minor == sum(line.tax.minor for line in lines) + prices.shipping_tax.minor
    assert (prices.subtotal - prices.discount + prices.rounding + prices.shipping + prices.tax) == prices.total
    assert {money.currency for money in (prices.total, *(line.total for line in lines))} == {currency}
    assert [charge.fulfilment for charge in charges] == expected_ways(basket)


def expected_ways(basket: list[tuple[str, int]]) -> list[str]:
    kinds = {products()[sku].fulfilment for sku, _ in basket}
    return [way for way in ("parcel", "freight") if way in kinds]


def half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_rates_change_at_midnight_utc_of_their_day() -> None:
    tallinn = {"street_address": "Viru 1", "city": "Tallinn", "country": "EE", "zip_code": "10140"}
    moments = ["2024-01-01T00:00:00Z", "2025-06-30T23:59:59Z", "2025-07-01T00:00:00Z"]

    rates = [price((MUG, 1), to=tallinn, at=at).lines[0].tax_rate for at in moments]

    assert rates == ["0.22", "0.22", "0.24"]


def test_refuses_a_time_before_the_tables_begin() -> None:
    with pytest.raises(Invalid, match="at: expected a time from 2024-01-01 on"):
        price((MUG, 1), at="2023-12-31T23:59:59Z")
