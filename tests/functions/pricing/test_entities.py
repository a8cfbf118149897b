"""The entities that sell: every destination has one, every warehouse belongs to one."""

import pycountry
import pytest

from functions.pricing.entities import countries_of_locations, entities, seller_to
from functions.pricing.tax_tables import eu_countries, us_states
from shared.seed import read
from shared.values.currency import MINOR_DIGITS


@pytest.mark.parametrize(
    ("country", "seller"),
    [
        ("US", "ob-us"),
        ("NL", "ob-eu"),
        ("DE", "ob-eu"),
        ("MC", "ob-eu"),
        ("GB", "ob-eu"),
        ("CH", "ob-eu"),
        ("NO", "ob-eu"),
        ("JP", "ob-us"),
        ("PR", "ob-us"),
        ("AX", "ob-us"),
    ],
)
def test_the_destination_chooses_the_seller(country: str, seller: str) -> None:
    assert seller_to(country).entity == seller


def test_every_country_has_a_seller_and_the_union_has_the_dutch_one() -> None:
    assert {seller_to(country.alpha_2).entity for country in pycountry.countries} == {"ob-us", "ob-eu"}
    assert {seller_to(country).entity for country in eu_countries()} == {"ob-eu"}


def test_every_warehouse_belongs_to_the_entity_of_its_country() -> None:
    by_entity = {row["entity"]: row for row in read("entities")["entities"]}

    for location, country in countries_of_locations().items():
        [owner] = [row for row in by_entity.values() if location in row["warehouses"]]
        assert owner["country"] == country
    assert all(row["functional_currency"] in MINOR_DIGITS for row in by_entity.values())


def test_nexus_states_are_states_and_hold_every_warehouse_of_the_us() -> None:
    [american] = [each for each in entities() if each.country == "US"]
    warehouses = {row["state"] for row in read("locations")["locations"] if row["country"] == "US"}

    assert warehouses <= american.nexus_states <= set(us_states().by_code)
    assert len(american.nexus_states) == 16
