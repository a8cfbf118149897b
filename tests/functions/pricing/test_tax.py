"""Which tax a destination asks for, and that the tables are whole."""

from datetime import UTC, datetime
from decimal import Decimal

import pycountry
import pytest

from functions.pricing.embedded_tax import EmbeddedTax
from functions.pricing.entities import seller_to
from functions.pricing.tables import FOLDER
from functions.pricing.tax import Goods, Supply, TaxOn
from functions.pricing.tax_tables import eu_countries, uk_countries, us_states
from shared.errors import Invalid
from shared.values.address import Address
from shared.values.money import Money

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


def address(country: str, state: str | None = None, zip_code: str = "00000") -> Address:
    return Address(street_address="1 Way", city="Town", state=state, country=country, zip_code=zip_code)


def supply(country: str, state: str | None = None, zip_code: str = "00000") -> Supply:
    return Supply(seller_to(country), address(country, state, zip_code), AT)


def on_goods(country: str, state: str | None = None, zip_code: str = "00000", origin: str = "US") -> TaxOn:
    goods = Goods("standard", origin, Money("USD", 19_99))
    return EmbeddedTax().on_goods(supply(country, state, zip_code), goods)


@pytest.mark.parametrize(
    ("state", "goods", "treatment", "shipping"),
    [
        ("CA", "0.0725", "us_nexus", "0"),
        ("NY", "0.04", "us_nexus", "0.04"),
        ("TX", "0.0625", "us_nexus", "0.0625"),
        ("FL", "0.06", "us_nexus", "0.06"),
        ("NV", "0.0685", "us_nexus", "0"),
        ("MN", "0", "us_no_nexus", "0"),
        ("DC", "0", "us_no_nexus", "0"),
        ("OR", "0", "us_no_nexus", "0"),
        ("AE", "0", "us_no_nexus", "0"),
    ],
)
def test_us_sales_tax_is_the_states_where_the_seller_has_nexus(state: str, goods: str, treatment: str, shipping: str):
    tax = on_goods("US", state)

    assert tax == (Decimal(goods), treatment, f"US-{state}")
    assert EmbeddedTax().on_shipping(supply("US", state), [tax]).rate == Decimal(shipping)


@pytest.mark.parametrize("written", ["CA", "ca", " California ", "CALIFORNIA"])
def test_a_state_may_be_written_as_code_or_name(written: str) -> None:
    assert on_goods("US", written).rate == Decimal("0.0725")


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [("94043", "CA"), ("10004-1000", "NY"), ("02108", "MA"), ("97201", "OR"), ("20001", "DC")],
)
def test_a_zip_code_names_the_state_that_an_address_leaves_out(zip_code: str, state: str) -> None:
    assert on_goods("US", None, zip_code).jurisdiction == f"US-{state}"


@pytest.mark.parametrize(("state", "zip_code"), [("PR", "00901"), ("Bavaria", "94043"), (None, "00000"), (None, "1")])
def test_rejects_a_us_address_in_no_state(state: str | None, zip_code: str) -> None:
    with pytest.raises(Invalid) as refused:
        on_goods("US", state, zip_code)

    assert refused.value.extra["errors"][0]["field"] == "shipping_address.state"


@pytest.mark.parametrize(
    ("country", "rate", "from_venlo", "from_the_us"),
    [
        ("NL", "0.21", "domestic", "import"),
        ("DE", "0.19", "oss", "import"),
        ("HU", "0.27", "oss", "import"),
        ("LU", "0.17", "oss", "import"),
        ("FI", "0.255", "oss", "import"),
        ("EE", "0.24", "oss", "import"),
        ("RO", "0.21", "oss", "import"),
        ("SK", "0.23", "oss", "import"),
        ("MC", "0.2", "oss", "import"),
        ("GB", "0.2", "import", "import"),
        ("IM", "0.2", "import", "import"),
        ("CH", "0", "export", "export"),
        ("NO", "0", "export", "export"),
        ("JP", "0", "export", "export"),
        ("PR", "0", "export", "export"),
        ("AX", "0", "export", "export"),
    ],
)
def test_vat_is_the_destinations_and_the_same_from_every_warehouse(
    country: str, rate: str, from_venlo: str, from_the_us: str
) -> None:
    venlo, newark = on_goods(country, origin="NL"), on_goods(country, origin="US")

    assert (venlo.rate, venlo.treatment) == (Decimal(rate), from_venlo)
    assert (newark.rate, newark.treatment) == (Decimal(rate), from_the_us)
    assert EmbeddedTax().on_shipping(supply(country), [venlo]).rate == Decimal(rate)


def test_every_member_state_and_every_us_state_has_a_rate() -> None:
    states = {s.code[3:] for s in pycountry.subdivisions.get(country_code="US") if s.type in ("State", "District")}

    assert {*eu_countries(), *uk_countries()} == {*EU.split(), "MC", "GB", "IM"}
    assert set(us_states().by_code) == states | {"AA", "AE", "AP"}
    assert len(states) == 51


def test_no_zip_prefix_belongs_to_two_states() -> None:
    spans = [span for state in us_states().by_code.values() for span in state.zip_prefixes]
    claimed = sum(int(span[-3:]) - int(span[:3]) + 1 for span in spans)

    assert claimed == len(us_states().code_of_prefix)


def test_rows_lie_in_the_order_of_their_dates_and_rates_are_fractions() -> None:
    for jurisdiction in (*eu_countries().values(), *uk_countries().values(), *us_states().by_code.values()):
        dates = [row.valid_from for row in jurisdiction.rows]
        assert dates == sorted(set(dates)), jurisdiction.name
        assert all(0 <= row.rate < 1 for row in jurisdiction.rows), jurisdiction.name


def test_rates_are_written_as_text_and_never_as_binary_fractions() -> None:
    for path in FOLDER.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert '"rate": 0' not in text, path.name
        assert '"about"' in text, path.name
