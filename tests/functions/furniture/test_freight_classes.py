"""Freight classes by density, every figure worked out by hand."""

from fractions import Fraction

import pytest

from functions.furniture.freight_classes import density, freight_class, shown, source, table
from functions.furniture.ledger import LEDGER
from shared.stock.skus import StockKeepingUnit
from tests.shared.stock.examples import usd


def unit(weight_g: int, *dimensions_mm: int) -> StockKeepingUnit:
    return StockKeepingUnit("FURN-X", unit_cost=usd("1.00"), weight_g=weight_g, dimensions_mm=dimensions_mm)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sku", "pounds_per_cubic_foot", "expected"),
    [
        # 11.5 kg = 25.353 lb; 720 x 760 x 820 mm = 15.8458 ft3
        ("FURN-004", "1.60", "300"),
        # 72 kg = 158.733 lb; 2250 x 950 x 850 mm = 64.1623 ft3
        ("FURN-003", "2.47", "250"),
    ],
)
def test_worked_examples(sku: str, pounds_per_cubic_foot: str, expected: str):
    piece = LEDGER.skus[sku]
    assert (shown(density(piece)), freight_class(piece)) == (pounds_per_cubic_foot, expected)


@pytest.mark.parametrize(
    ("pounds", "expected"),
    [("0.99", "400"), ("1", "300"), ("3.99", "250"), ("4", "175"), ("7.99", "125"), ("8", "100"), ("11.99", "92.5"),
     ("12", "85"), ("15", "70"), ("22.49", "70"), ("22.5", "65"), ("34.99", "60"), ("35", "55"), ("50", "50"),
     ("200", "50")],
)  # fmt: skip
def test_a_tier_begins_at_its_lower_bound(monkeypatch: pytest.MonkeyPatch, pounds: str, expected: str):
    monkeypatch.setattr("functions.furniture.freight_classes.density", lambda _: Fraction(pounds))
    assert freight_class(unit(1, 1, 1, 1)) == expected


def test_a_cubic_foot_of_a_pound_weighs_a_pound_to_the_cubic_foot():
    assert round(float(density(unit(453_592, 3048, 3048, 3048))), 5) == 1.0  # 1,000 lb in 1,000 ft3


def test_the_scale_has_thirteen_tiers_that_rise_while_classes_fall_and_names_its_date():
    bounds = [Fraction(tier["pounds_per_cubic_foot_from"]) for tier in table()["tiers"]]
    classes = [Fraction(tier["class"]) for tier in table()["tiers"]]
    assert len(bounds) == 13
    assert bounds == sorted(set(bounds))
    assert classes == sorted(set(classes), reverse=True)
    assert source() == "NMFC density scale, Docket 2025-1, in force since 2025-07-19"
