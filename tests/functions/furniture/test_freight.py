"""Freight quotes, every figure worked out by hand from the tariff."""

from datetime import UTC, date, datetime

import pycountry
import pytest

from functions.furniture import freight
from functions.furniture.freight import chargeable_g, quote, zone_of
from functions.furniture.ledger import LEDGER
from functions.furniture.quote_freight import QuoteFreight, quote_freight
from shared.errors import Invalid, UnknownSku
from shared.stock.destinations import Destination
from shared.stock.skus import StockKeepingUnit
from tests.shared.stock.examples import usd

SOFA, CHAIR = "FURN-003", "FURN-004"
TODAY = date(2026, 11, 20)


def unit(weight_g: int, *dimensions_mm: int) -> StockKeepingUnit:
    return StockKeepingUnit("FURN-X", unit_cost=usd("1.00"), weight_g=weight_g, dimensions_mm=dimensions_mm)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("piece", "grams"),
    [
        (unit(11_500, 720, 760, 820), 89_741),  # 448,704,000 mm3 / 5000 = 89,740.8
        (unit(72_000, 2250, 950, 850), 363_375),
        (unit(500_000, 1000, 1000, 1000), 500_000),  # dimensional 200 kg
        (unit(1, 100, 50, 1), 1),  # exactly one gram
    ],
)
def test_the_greater_of_actual_and_dimensional_weight_is_charged(piece: StockKeepingUnit, grams: int):
    assert chargeable_g(piece) == grams


@pytest.mark.parametrize(
    ("country", "state", "lines", "level", "day", "weight_g", "net"),
    [
        # 90 started kg x 0.28 = 25.20, + 49.00
        ("US", "CA", {CHAIR: 1}, "kerbside", TODAY, 89_741, "74.20"),
        # two chairs: 179,482 g = 180 kg x 0.28 = 50.40, + 49.00 + room of choice 39.00 + 2 x 10.00
        ("US", "CA", {CHAIR: 2}, "room_of_choice", TODAY, 179_482, "158.40"),
        # sofa and chair: 453,116 g = 454 kg x 0.22 = 99.88, + 42.00 + assembly 39.00 + 2 x 59.00
        ("NL", None, {SOFA: 1, CHAIR: 1}, "assembly", TODAY, 453_116, "298.88"),
        # the tariff before: 90 kg x 0.26 = 23.40, + 45.00
        ("US", "CA", {CHAIR: 1}, "kerbside", date(2026, 6, 30), 89_741, "68.40"),
        ("US", "CA", {CHAIR: 1}, "kerbside", date(2026, 7, 1), 89_741, "74.20"),
        # Hawaii: 90 kg x 1.05 = 94.50, + 195.00
        ("US", "hi", {CHAIR: 1}, "kerbside", TODAY, 89_741, "289.50"),
    ],
)
def test_worked_examples(country, state, lines, level, day, weight_g, net):
    destination = Destination(country=country, state=state, zip_code="9")
    quoted = quote(lines, LEDGER.skus, destination, level, day)
    assert (quoted.weight_g, quoted.net, quoted.service_level) == (weight_g, usd(net), level)


def test_a_quote_names_its_zone_and_the_tariff_by_date():
    command = QuoteFreight.model_validate(
        {
            "lines": [{"sku": CHAIR, "quantity": 1}],
            "destination": {"country": "Germany", "zip_code": "10115"},
            "service_level": "kerbside",
        }
    )
    # 90 kg x 0.30 = 27.00, + 52.00
    assert quote_freight(command, datetime(2026, 11, 20, 8, tzinfo=UTC)).model_dump(mode="json") == {
        "net": {"currency": "USD", "amount": "79.00"},
        "zone": "europe-near",
        "weight_g": 89_741,
        "service_level": "kerbside",
        "source": "Online Boutique freight tariff, valid from 2026-07-01",
        "lines": [
            {
                "sku": CHAIR,
                "pieces": 1,
                "actual_g": 11_500,
                "dimensional_g": 89_741,
                "chargeable_g": 89_741,
                "density_lb_per_ft3": "1.60",
                "freight_class": "300",
            }
        ],
        "dimensional_divisor_cm3_per_kg": 5000,
        "freight_class_source": "NMFC density scale, Docket 2025-1, in force since 2025-07-19",
    }


def test_a_destination_outside_every_zone_is_refused_by_field():
    with pytest.raises(Invalid) as refused:
        zone_of("JP", None)
    (error,) = refused.value.extra["errors"]
    assert error["field"] == "destination.country"
    assert "NL" in error["message"]
    for state in (None, "PR", "California"):
        with pytest.raises(Invalid) as refused:
            zone_of("US", state)
        assert refused.value.extra["errors"][0]["field"] == "destination.state"


def test_what_is_no_furniture_is_not_quoted(now: datetime):
    lines = [{"sku": "6E92ZMYYFZ", "quantity": 1}]
    command = QuoteFreight.model_validate({"lines": lines, "destination": {"country": "NL", "zip_code": "5911"}})
    with pytest.raises(UnknownSku) as refused:
        quote_freight(command, now)
    assert refused.value.extra == {"skus": ["6E92ZMYYFZ"]}


def test_every_tariff_prices_every_zone_and_every_state_of_the_union_has_one():
    table = freight._table()
    zones = {row["zone"] for row in table["zones"]}
    assert all(tariff["rates"].keys() == zones for tariff in table["tariffs"])
    states = [state for row in table["zones"] for state in row.get("states", ())]
    union = {
        each.code[3:] for each in pycountry.subdivisions.get(country_code="US") if each.type in ("State", "District")
    }
    assert sorted(states) == sorted(union)
    countries = [code for row in table["zones"] if "states" not in row for code in row["countries"]]
    assert len(countries) == len(set(countries))
    assert all(pycountry.countries.get(alpha_2=code) for code in countries)
