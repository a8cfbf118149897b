"""The table of preferences."""

import pycountry
import pytest

from shared.stock.destinations import Destination, preferences, preferred
from shared.stock.skus import locations
from tests.shared.stock.examples import NEWARK, RENO, VENLO


@pytest.mark.parametrize(
    ("country", "state", "expected"),
    [
        ("US", "CA", (RENO, NEWARK, VENLO)),
        ("United States", " ca ", (RENO, NEWARK, VENLO)),
        ("US", "NY", (NEWARK, RENO, VENLO)),
        ("US", None, (NEWARK, RENO, VENLO)),
        ("CA", "BC", (RENO, NEWARK, VENLO)),
        ("CA", "ON", (NEWARK, RENO, VENLO)),
        ("NL", None, (VENLO, NEWARK, RENO)),
        ("Germany", None, (VENLO, NEWARK, RENO)),
        ("JP", None, (RENO, VENLO, NEWARK)),
        ("BR", None, (NEWARK, RENO, VENLO)),
        ("ZA", None, (VENLO, NEWARK, RENO)),
    ],
)
def test_own_country_first_then_the_nearest(country: str, state: str | None, expected: tuple[str, ...]):
    assert preferred(Destination(country=country, state=state, zip_code="1")) == expected


def test_every_rule_orders_all_locations_and_names_real_countries_once():
    for rule in preferences():
        assert sorted(rule["prefer"]) == sorted(locations())
        assert all(pycountry.countries.get(alpha_2=code) for code in rule["countries"])
        for state in rule.get("states", ()):
            assert pycountry.subdivisions.get(code=f"{rule['countries'][0]}-{state}")
    named = [code for rule in preferences() if "states" not in rule for code in rule["countries"]]
    assert len(named) == len(set(named))
