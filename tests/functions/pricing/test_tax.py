"""Which tax a destination asks for, and that the tables are whole."""

from datetime import UTC, datetime
from decimal import Decimal

import pycountry
import pytest

from functions.pricing.tables import FOLDER
from functions.pricing.tax import EXPORT, tax_at, us_states, vat_jurisdictions
from shared.errors import Invalid
from shared.values.address import Address

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"


def address(country: str, state: str | None = None, zip_code: str = "00000") -> Address:
    return Address(street_address="1 Way", city="Town", state=state, country=country, zip_code=zip_code)


@pytest.mark.parametrize(
    ("state", "goods", "shipping"),
    [
        ("CA", "0.0725", "0"),
        ("NY", "0.04", "0.04"),
        ("TX", "0.0625", "0.0625"),
        ("FL", "0.06", "0.06"),
        ("MN", "0.06875", "0.06875"),
        ("DC", "0.07", "0"),
        ("LA", "0.05", "0"),
        ("OR", "0", "0"),
        ("DE", "0", "0"),
        ("AE", "0", "0"),
    ],
)
def test_us_sales_tax_is_the_states(state: str, goods: str, shipping: str) -> None:
    assert tax_at(address("US", state), AT) == (Decimal(goods), Decimal(shipping))


@pytest.mark.parametrize("written", ["CA", "ca", " California ", "CALIFORNIA"])
def test_a_state_may_be_written_as_code_or_name(written: str) -> None:
    assert tax_at(address("US", written), AT).goods_rate == Decimal("0.0725")


@pytest.mark.parametrize(
    ("zip_code", "goods"),
    [("94043", "0.0725"), ("10004-1000", "0.04"), ("02108", "0.0625"), ("97201", "0"), ("20001", "0.07")],
)
def test_a_zip_code_names_the_state_that_an_address_leaves_out(zip_code: str, goods: str) -> None:
    assert tax_at(address("US", None, zip_code), AT).goods_rate == Decimal(goods)


@pytest.mark.parametrize(("state", "zip_code"), [("PR", "00901"), ("Bavaria", "94043"), (None, "00000"), (None, "1")])
def test_rejects_a_us_address_in_no_state(state: str | None, zip_code: str) -> None:
    with pytest.raises(Invalid) as refused:
        tax_at(address("US", state, zip_code), AT)

    assert refused.value.extra["errors"][0]["field"] == "shipping_address.state"


@pytest.mark.parametrize(
    ("country", "rate"),
    [("DE", "0.19"), ("NL", "0.21"), ("HU", "0.27"), ("LU", "0.17"), ("FI", "0.255"), ("EE", "0.24"), ("RO", "0.21"),
     ("SK", "0.23"), ("GB", "0.2"), ("IM", "0.2"), ("MC", "0.2")],
)  # fmt: skip
def test_vat_is_the_destinations_on_goods_and_shipping(country: str, rate: str) -> None:
    assert tax_at(address(country), AT) == (Decimal(rate), Decimal(rate))


@pytest.mark.parametrize("country", ["JP", "CA", "CH", "KW", "PR", "AX", "GL"])
def test_elsewhere_is_an_export(country: str) -> None:
    assert tax_at(address(country), AT) == EXPORT


def test_every_member_state_and_every_us_state_has_a_rate() -> None:
    states = {s.code[3:] for s in pycountry.subdivisions.get(country_code="US") if s.type in ("State", "District")}

    assert set(vat_jurisdictions()) == {*EU.split(), "MC", "GB", "IM"}
    assert set(us_states().by_code) == states | {"AA", "AE", "AP"}
    assert len(states) == 51


def test_no_zip_prefix_belongs_to_two_states() -> None:
    spans = [span for state in us_states().by_code.values() for span in state.zip_prefixes]
    claimed = sum(int(span[-3:]) - int(span[:3]) + 1 for span in spans)

    assert claimed == len(us_states().code_of_prefix)


def test_rows_lie_in_the_order_of_their_dates_and_rates_are_fractions() -> None:
    for jurisdiction in (*vat_jurisdictions().values(), *us_states().by_code.values()):
        dates = [row.valid_from for row in jurisdiction.rows]
        assert dates == sorted(set(dates)), jurisdiction.name
        assert all(0 <= row.rate < 1 for row in jurisdiction.rows), jurisdiction.name


def test_rates_are_written_as_text_and_never_as_binary_fractions() -> None:
    for path in FOLDER.glob("*.json"):
        text = path.read_text(encoding="utf-8")
        assert '"rate": 0' not in text, path.name
        assert '"about"' in text, path.name
