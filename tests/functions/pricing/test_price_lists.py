"""Price lists: which one prices an order, quantity breaks, and dated prices."""

import pytest

from functions.pricing.catalogue import products
from functions.pricing.price_lists import all_price_lists, price_list_for
from shared.errors import Invalid
from tests.functions.pricing.orders import JAR, MUG, SOFA, SUNGLASSES, WATCH, address, price, usd

SALE = "2026-06-20T12:00:00Z"

BREAKS = [
    # product, pieces, price of one, subtotal
    (MUG, 1, "8.99", "8.99"),
    (MUG, 49, "8.99", "440.51"),
    (MUG, 50, "7.99", "399.50"),
    (MUG, 199, "7.99", "1590.01"),
    (MUG, 200, "7.49", "1498.00"),
    (WATCH, 50, "101.99", "5099.50"),
    (WATCH, 500, "101.99", "50995.00"),
]


@pytest.mark.parametrize(("sku", "quantity", "one", "subtotal"), BREAKS)
def test_quantity_breaks(sku: str, quantity: int, one: str, subtotal: str) -> None:
    prices = price((sku, quantity))

    assert (prices.lines[0].unit_price.amount, prices.subtotal.amount) == (one, subtotal)


def test_a_break_counts_the_pieces_of_its_own_line() -> None:
    assert [line.unit_price.amount for line in price((MUG, 50), (JAR, 49)).lines] == ["7.99", "5.49"]


def test_a_break_price_is_converted_like_any_other() -> None:
    [line] = price((MUG, 50), to=address("DE"), currency="EUR").lines

    assert line.unit_price.amount == "7.07"  # 7.99 x 0.8845643521 = 7.0677


DATES = [
    # time, pieces, price of one pair of sunglasses
    ("2026-06-14T23:59:59Z", 1, "19.99"),
    ("2026-06-15T00:00:00Z", 1, "15.99"),  # the sale's first day
    ("2026-06-28T23:59:59Z", 1, "15.99"),  # and its last
    ("2026-06-29T00:00:00Z", 1, "19.99"),
    ("2026-06-20T12:00:00Z", 50, "15.99"),  # 18.49 from 50 pieces on would be dearer than the sale
    ("2026-06-20T12:00:00Z", 200, "15.99"),
    ("2026-06-29T00:00:00Z", 200, "17.49"),
]


@pytest.mark.parametrize(("at", "quantity", "one"), DATES)
def test_a_sale_lasts_from_its_first_to_its_last_day(at: str, quantity: int, one: str) -> None:
    assert price((SUNGLASSES, quantity), at=at).lines[0].unit_price.amount == one


def test_no_product_costs_more_or_less_than_the_catalogue_says_below_fifty_pieces() -> None:
    listed = price_list_for("USD", "US")

    for sku, product in products().items():
        rows = [row for row in listed.prices[sku] if row.from_quantity < 50 and row.valid_to is None]
        assert [row.money for row in rows] == [product.price]


@pytest.mark.parametrize(
    ("currency", "country", "chosen"),
    [
        ("USD", "US", "usd"),
        ("USD", "SE", "usd"),
        ("EUR", "SE", "usd"),  # converted
        ("SEK", "SE", "se-consumer"),
        ("SEK", "DE", "usd"),  # converted
        ("KWD", "KW", "usd"),
    ],
)
def test_a_list_is_chosen_by_currency_and_destination(currency: str, country: str, chosen: str) -> None:
    assert price_list_for(currency, country).price_list == chosen


def test_every_list_prices_every_product_and_breaks_begin_at_fifty() -> None:
    for each in all_price_lists():
        assert set(each.prices) == set(products()), each.price_list
        for rows in each.prices.values():
            assert any(row.from_quantity == 1 and row.valid_to is None for row in rows)
            assert all(row.from_quantity == 1 or row.from_quantity >= 50 for row in rows)
            assert all(row.money.minor > 0 for row in rows)


def test_a_list_has_no_price_before_it_begins() -> None:
    with pytest.raises(Invalid, match="at: expected a time from 2026-01-01 on"):
        price((MUG, 1), to=address("SE"), currency="SEK", at="2025-12-31T23:59:59Z")


def test_freight_has_no_list_price_and_stays_furnitures() -> None:
    prices = price((SOFA, 1), to=address("SE"), currency="SEK", freight=usd("100.00"))

    assert prices.shipping.amount == "932.11"  # 100.00 x 9.321096860
