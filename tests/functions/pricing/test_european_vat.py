"""Worked examples: Europe. Two mugs at 8.99 USD = 7.95 EUR each, 15.90 net; parcel 680 g at 8.99 USD = 7.95 EUR.

The seller is ob-eu in the Netherlands with stock in Venlo. Outside the Union: parcel 24.99 USD = 22.11 EUR.
"""

from typing import Any

import pytest

from functions.pricing.embedded_tax import EmbeddedTax
from functions.pricing.entities import seller_to
from functions.pricing.price_order import Prices
from functions.pricing.tax import Goods, Supply
from shared.errors import Invalid
from shared.values.address import Address
from shared.values.money import Money
from tests.functions.pricing.orders import MUG, WATCH, address, figures, order, price

VENLO, NEWARK = {MUG: ["venlo-nl"]}, {MUG: ["newark-us"]}
GERMAN, FRENCH, DUTCH = "DE136695976", "FR40303265045", "NL000099998B57"

CONSUMERS = [
    # to, from, treatment, whose tax, rate, tax on goods, on shipping, total
    ("NL", VENLO, "domestic", "NL", "0.21", "3.34", "1.67", "28.86"),  # 15.90 x 21 % = 3.339; 7.95 x 21 % = 1.6695
    ("DE", VENLO, "oss", "DE", "0.19", "3.02", "1.51", "28.38"),  # 3.021; 1.5105
    ("HU", VENLO, "oss", "HU", "0.27", "4.29", "2.15", "30.29"),  # 4.293; 2.1465
    ("MC", VENLO, "oss", "FR", "0.2", "3.18", "1.59", "28.62"),  # Monaco is treated as France
    ("NL", NEWARK, "import", "NL", "0.21", "3.34", "1.67", "28.86"),
    ("DE", NEWARK, "import", "DE", "0.19", "3.02", "1.51", "28.38"),
    ("GB", VENLO, "import", "GB", "0.2", "3.18", "4.42", "45.61"),  # 22.11 x 20 % = 4.422
    ("IM", VENLO, "import", "GB", "0.2", "3.18", "4.42", "45.61"),  # one VAT area with the United Kingdom
    ("CH", VENLO, "export", "NL", "0", "0.00", "0.00", "38.01"),
    ("NO", VENLO, "export", "NL", "0", "0.00", "0.00", "38.01"),
]
BUSINESSES = [
    # to, from, VAT id, treatment, whose tax, rate, tax on goods, on shipping, total
    ("DE", VENLO, GERMAN, "intra_community", "NL", "0", "0.00", "0.00", "23.85"),  # Article 138
    ("DE", VENLO, FRENCH, "intra_community", "NL", "0", "0.00", "0.00", "23.85"),  # any other member state's id
    ("DE", NEWARK, GERMAN, "intra_community", "NL", "0", "0.00", "0.00", "23.85"),  # after Article 143(1)(d)
    ("DE", VENLO, DUTCH, "domestic", "NL", "0.21", "3.34", "1.67", "28.86"),  # Article 32: taxed where it leaves
    ("DE", NEWARK, DUTCH, "import", "NL", "0.21", "3.34", "1.67", "28.86"),  # and where it is imported
    ("NL", VENLO, GERMAN, "domestic", "NL", "0.21", "3.34", "1.67", "28.86"),  # the goods don't leave the country
    ("NL", VENLO, DUTCH, "domestic", "NL", "0.21", "3.34", "1.67", "28.86"),
    ("DE", VENLO, "GB980780684", "oss", "DE", "0.19", "3.02", "1.51", "28.38"),  # no member state's id: a consumer
    ("CH", VENLO, GERMAN, "export", "NL", "0", "0.00", "0.00", "38.01"),
]


def check(prices: Prices, *expected: str) -> None:
    """Compare treatment, jurisdiction, rate, tax on goods, tax on shipping and total."""
    [line], [charge] = prices.lines, prices.shipping_charges
    found = (line.tax_treatment, line.jurisdiction, line.tax_rate)
    assert (*found, line.tax.amount, charge.tax.amount, figures(prices)["total"]) == expected
    assert (charge.tax_treatment, charge.jurisdiction, charge.tax_rate) == found
    assert prices.seller == "ob-eu"


@pytest.mark.parametrize("row", CONSUMERS, ids=lambda row: f"{row[0]} {row[2]}")
def test_a_consumer_bears_the_tax_of_arrival(row: tuple[Any, ...]) -> None:
    to, leaves, *expected = row

    check(price((MUG, 2), to=address(to), currency="EUR", ship_from=leaves), *expected)


@pytest.mark.parametrize("row", BUSINESSES, ids=lambda row: f"{row[0]} {row[2]} {row[3]}")
def test_a_business_by_its_vat_id(row: tuple[Any, ...]) -> None:
    to, leaves, vat_id, *expected = row

    check(price((MUG, 2), to=address(to), currency="EUR", ship_from=leaves, vat_id=vat_id), *expected)


REGIONS = [
    # country, postal code, treatment, rate
    ("ES", "28013", "oss", "0.21"),
    ("ES", "35001", "export", "0"),  # Canary Islands
    ("ES", "52001", "export", "0"),  # Melilla
    ("DE", "27498", "export", "0"),  # Heligoland
    ("DE", "78266", "export", "0"),  # Büsingen
    ("IT", "23041", "export", "0"),  # Livigno
    ("FI", "22100", "export", "0"),  # Åland
    ("FR", "97400", "export", "0"),  # Réunion
    ("GR", "630 86", "export", "0"),  # Mount Athos
    ("PT", "1100-148", "oss", "0.23"),
    ("PT", "9000-001", "oss", "0.22"),  # Madeira
    ("PT", "9500-001", "oss", "0.16"),  # Azores
    ("AT", "6993", "oss", "0.19"),  # Mittelberg
]


@pytest.mark.parametrize(("country", "zip_code", "treatment", "rate"), REGIONS)
def test_parts_of_countries_with_rates_of_their_own_or_outside_the_area(
    country: str, zip_code: str, treatment: str, rate: str
) -> None:
    [line] = price((MUG, 1), to=address(country, zip_code=zip_code)).lines

    assert (line.tax_treatment, line.tax_rate) == (treatment, rate)


BOOKS = [
    # country, treatment, rate for printed books
    ("DE", "oss", "0.07"),
    ("NL", "domestic", "0.09"),
    ("FR", "oss", "0.055"),
    ("MC", "oss", "0.055"),
    ("SE", "oss", "0.06"),
    ("IE", "oss", "0"),
    ("DK", "oss", "0.25"),  # no reduced rate: the standard one
    ("GB", "import", "0"),
]


@pytest.mark.parametrize(("country", "treatment", "rate"), BOOKS)
def test_printed_books_bear_reduced_rates(country: str, treatment: str, rate: str) -> None:
    supply = Supply(seller_to(country), Address.model_validate(address(country)), order((MUG, 1)).at)
    books, mugs = (Goods(code, "NL", Money("EUR", 20_00)) for code in ("books", "standard"))
    tax = EmbeddedTax()

    on_books, on_mugs = tax.on_goods(supply, books), tax.on_goods(supply, mugs)

    assert (str(on_books.rate), on_books.treatment) == (rate, treatment)
    assert tax.on_shipping(supply, [on_books]) == on_books
    assert tax.on_shipping(supply, [on_books, on_mugs]) == on_mugs, "mixed goods: the highest rate"


def test_a_line_from_two_warehouses_is_taxed_as_from_the_preferred_one() -> None:
    split = price((MUG, 2), to=address("DE"), ship_from={MUG: ["venlo-nl", "newark-us"]})

    assert split == price((MUG, 2), to=address("DE"), ship_from=VENLO)


def test_one_order_may_hold_oss_and_imported_lines() -> None:
    prices = price((MUG, 1), (WATCH, 1), to=address("DE"), ship_from=VENLO | {WATCH: ["reno-us"]})

    assert [(line.tax_treatment, line.tax_rate) for line in prices.lines] == [("oss", "0.19"), ("import", "0.19")]


def test_without_warehouses_goods_leave_from_where_the_destination_is_served_first() -> None:
    assert price((MUG, 1), to=address("DE")) == price((MUG, 1), to=address("DE"), ship_from=VENLO)


def test_a_good_id_says_how_it_was_checked() -> None:
    assert price((MUG, 1), to=address("DE"), vat_id=GERMAN).vat_id_check == "format"
    assert price((MUG, 1), to=address("DE"), vat_id="de 136.695.976").vat_id_check == "format"
    assert price((MUG, 1), to=address("DE")).vat_id_check is None


@pytest.mark.parametrize("vat_id", ["DE136695977", "DE1", "FR00303265045", "NL000099998B58", "EL123"])
def test_refuses_an_id_that_its_member_state_never_gave(vat_id: str) -> None:
    with pytest.raises(Invalid) as refused:
        price((MUG, 1), to=address("DE"), vat_id=vat_id)

    assert [error["field"] for error in refused.value.extra["errors"]] == ["vat_id"]
    assert vat_id not in str(refused.value)


def test_a_greek_id_begins_with_el() -> None:
    [line] = price((MUG, 1), to=address("GR"), vat_id="EL094259216").lines

    assert line.tax_treatment == "intra_community"


def test_an_id_means_nothing_outside_the_union() -> None:
    assert price((MUG, 1), vat_id="DE1") == price((MUG, 1))


def test_refuses_a_warehouse_that_there_is_none_of() -> None:
    with pytest.raises(Invalid, match="ship_from"):
        price((MUG, 1), ship_from={MUG: ["atlantis"]})
