"""Tier discounts: no cent lost, none invented."""

from datetime import UTC, datetime

import pytest

from functions.pricing.discounts import Tier, line_discounts
from shared.values.money import Money

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(("tier", "minor"), [("bronze", 0), ("silver", 3_00), ("gold", 5_00), ("platinum", 8_00)])
def test_takes_the_tiers_percent_off(tier: Tier, minor: int) -> None:
    assert line_discounts([Money("USD", 100_00)], tier, AT) == [Money("USD", minor)]


@pytest.mark.parametrize(
    ("amounts", "tier", "discounts"),
    [
        ([10, 10, 10], "gold", [1, 1, 0]),  # 1.5 -> 2 cents; equal remainders go to the first lines
        ([99, 1, 100], "silver", [3, 0, 3]),  # 6: 2.97, 0.03, 3
        ([1, 1, 1], "platinum", [0, 0, 0]),  # 0.24 -> 0
        ([333, 333, 334], "platinum", [27, 26, 27]),  # 80: 26.64, 26.64, 26.72
    ],
)
def test_every_residual_cent_has_an_owner(amounts: list[int], tier: Tier, discounts: list[int]) -> None:
    given = line_discounts([Money("USD", amount) for amount in amounts], tier, AT)

    assert [each.minor for each in given] == discounts
