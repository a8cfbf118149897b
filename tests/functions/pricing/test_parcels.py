"""The parcel tariff: zones and weights."""

from datetime import UTC, datetime

import pytest

from functions.pricing.parcels import parcel_rate

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "weight_g", "net"),
    [
        ("US", 1, "4.99"),
        ("US", 500, "4.99"),
        ("US", 501, "7.99"),
        ("US", 20_000, "22.99"),
        ("US", 20_001, "24.09"),  # one started kilogram more
        ("US", 21_000, "24.09"),
        ("US", 21_001, "25.19"),
        ("PR", 500, "4.99"),
        ("DE", 500, "5.99"),
        ("DE", 25_000, "33.49"),  # 26.99 + 5 x 1.30
        ("GB", 500, "14.99"),
        ("JP", 3_000, "39.99"),
        ("AQ", 22_500, "126.49"),  # 109.99 + 3 x 5.50
    ],
)
def test_costs_what_its_zone_and_weight_say(country: str, weight_g: int, net: str) -> None:
    assert parcel_rate(country, weight_g, AT).as_json() == {"currency": "USD", "amount": net}
