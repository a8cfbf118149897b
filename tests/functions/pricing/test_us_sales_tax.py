"""Worked examples: United States. One tank top (clothing, 18.99) and one pair of sunglasses (19.99); parcel 4.99.

The seller is ob-us. It has nexus in the sixteen states of shared/seed/entities.json and collects the state's tax there.
"""

import pytest

from functions.pricing.catalogue import products
from functions.pricing.embedded_tax import EmbeddedTax
from functions.pricing.entities import seller_to
from functions.pricing.tax import Goods, Supply
from functions.pricing.tax_tables import tax_codes
from shared.values.address import Address
from shared.values.money import Money
from tests.functions.pricing.orders import (
    LOAFERS,
    MUG,
    SOFA,
    SUNGLASSES,
    TANK_TOP,
    WATCH,
    address,
    figures,
    order,
    price,
    usd,
)

STATES = [
    # state, rate, tax on the tank top, on the sunglasses, on shipping, total
    ("CA", "0.0725", "1.38", "1.45", "0.00", "46.80"),  # 1.376775; 1.449275; shipping is untaxed
    ("TX", "0.0625", "1.19", "1.25", "0.31", "46.72"),  # 1.186875; 1.249375; 0.311875
    ("WA", "0.065", "1.23", "1.30", "0.32", "46.82"),  # 1.23435; 1.29935; 0.32435
    ("VA", "0.053", "1.01", "1.06", "0.00", "46.04"),  # 1.00647; 1.05947; shipping is untaxed
    ("PA", "0.06", "0.00", "1.20", "0.30", "45.47"),  # clothing is exempt; 1.1994; 0.2994
    ("NJ", "0.06625", "0.00", "1.32", "0.33", "45.62"),  # clothing is exempt; 1.3243375; 0.3305875
    ("NY", "0.04", "0.00", "0.80", "0.20", "44.97"),  # clothing under 110 is exempt; 0.7996; 0.1996
    ("MA", "0.0625", "0.00", "1.25", "0.00", "45.22"),  # clothing up to 175 is exempt; shipping is untaxed
    ("MN", "0", "0.00", "0.00", "0.00", "43.97"),  # no nexus
    ("OR", "0", "0.00", "0.00", "0.00", "43.97"),  # no nexus, and no sales tax
]


@pytest.mark.parametrize(("state", "rate", "tank_top", "sunglasses", "shipping", "total"), STATES)
def test_state_tax_where_there_is_nexus(
    state: str, rate: str, tank_top: str, sunglasses: str, shipping: str, total: str
) -> None:
    prices = price((TANK_TOP, 1), (SUNGLASSES, 1), to=address("US", state))

    assert [line.tax.amount for line in prices.lines] == [tank_top, sunglasses]
    assert prices.lines[1].tax_rate == rate
    assert {line.jurisdiction for line in prices.lines} == {f"US-{state}"}
    assert figures(prices)["shipping_tax"] == shipping
    assert figures(prices)["total"] == total
    assert prices.seller == "ob-us"


@pytest.mark.parametrize(
    ("state", "clothing", "sunglasses", "shipping"),
    [
        ("CA", "us_nexus", "us_nexus", "not_taxable"),
        ("NJ", "not_taxable", "us_nexus", "us_nexus"),
        ("MN", "us_no_nexus", "us_no_nexus", "us_no_nexus"),
    ],
)
def test_says_why_a_rate_applies(state: str, clothing: str, sunglasses: str, shipping: str) -> None:
    prices = price((TANK_TOP, 1), (SUNGLASSES, 1), to=address("US", state))

    assert [line.tax_treatment for line in prices.lines] == [clothing, sunglasses]
    assert [line.tax_code for line in prices.lines] == ["clothing", "standard"]
    assert [charge.tax_treatment for charge in prices.shipping_charges] == [shipping]


def test_shipping_of_untaxed_goods_alone_is_untaxed() -> None:
    prices = price((TANK_TOP, 2), to=address("US", "NJ"))

    assert figures(prices)["tax"] == "0.00"
    assert figures(prices)["total"] == "42.97"  # 37.98 + 4.99


def test_each_charge_is_taxed_by_what_it_carries() -> None:
    prices = price((TANK_TOP, 1), (SOFA, 1), to=address("US", "NJ"), freight=usd("140.00"))

    assert [(each.fulfilment, each.tax.amount) for each in prices.shipping_charges] == [
        ("parcel", "0.00"),  # the tank top alone
        ("freight", "9.28"),  # 140.00 x 6.625 % = 9.275
    ]


@pytest.mark.parametrize(
    ("state", "amount", "treatment"),
    [
        ("NY", "109.99", "not_taxable"),
        ("NY", "110.00", "us_nexus"),
        ("MA", "175.00", "not_taxable"),
        ("PA", "900.00", "not_taxable"),
    ],
)
def test_clothing_is_exempt_up_to_the_states_price(state: str, amount: str, treatment: str) -> None:
    destination = Address.model_validate(address("US", state))
    supply = Supply(seller_to("US"), destination, order((MUG, 1)).at)

    tax = EmbeddedTax().on_goods(supply, Goods("clothing", "US", Money.of(amount, "USD")))

    assert tax.treatment == treatment


def test_no_clothing_is_so_dear_that_massachusetts_would_tax_the_part_above_175_dollars() -> None:
    clothing = [product for product in products().values() if product.tax_code == "clothing"]

    assert {product.sku for product in clothing} == {TANK_TOP, LOAFERS}
    assert max(product.price.decimal for product in clothing) <= 175
    assert products()[WATCH].tax_code == "standard"


def test_every_product_has_a_known_tax_code() -> None:
    assert {product.tax_code for product in products().values()} <= set(tax_codes())


def test_a_us_order_that_leaves_venlo_bears_the_same_tax() -> None:
    home = price((SUNGLASSES, 2), (MUG, 1))

    assert price((SUNGLASSES, 2), (MUG, 1), ship_from={SUNGLASSES: ["venlo-nl"], MUG: ["newark-us"]}) == home
