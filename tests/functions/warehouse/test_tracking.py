"""Tracking numbers: derived, distinct, and a mistyped digit is found."""

import re

import pytest
from stdnum import luhn

from functions.warehouse.tracking import CARRIERS, carrier_for, tracking_number
from shared.errors import Invalid


def test_a_number_is_stable_and_distinct() -> None:
    numbers = {tracking_number("boutique_parcel", f"shp_{count}-1") for count in range(1000)}
    assert len(numbers) == 1000
    assert all(re.fullmatch(r"OBP[0-9]{21}", number) for number in numbers)
    assert tracking_number("boutique_freight", "shp_1-1") == tracking_number("boutique_freight", "shp_1-1")


def test_a_mistyped_digit_is_found() -> None:
    digits = tracking_number("boutique_parcel", "shp_1-1")[3:]
    for place in range(20):
        wrong = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 : 20]
        assert luhn.calc_check_digit(wrong) != digits[20]
    assert luhn.is_valid(digits)


def test_each_way_of_shipping_has_its_usual_carrier() -> None:
    assert carrier_for("parcel", None) == "boutique_parcel"
    assert carrier_for("freight", None) == "boutique_freight"
    assert carrier_for("parcel", "boutique_parcel") == "boutique_parcel"
    with pytest.raises(Invalid):
        carrier_for("parcel", "pigeon")
    assert len({prefix for prefix, _ in CARRIERS.values()}) == len(CARRIERS)
