import pytest
from pydantic import ValidationError

from shared.values.address import Address

HOME = {
    "street_address": "1 Example Street",
    "city": "Mountain View",
    "state": "CA",
    "country": "US",
    "zip_code": "94043",
}


@pytest.mark.parametrize(
    ("written", "code"),
    [("US", "US"), ("United States", "US"), ("Germany", "DE"), ("de", "DE"), ("Netherlands", "NL"), ("NLD", "NL"),
     ("Japan", "JP"), ("Kuwait", "KW")],
)  # fmt: skip
def test_a_country_is_kept_as_its_code(written: str, code: str) -> None:
    assert Address.model_validate({**HOME, "country": written}).country == code


@pytest.mark.parametrize("written", ["XX", "Atlantis", "U", "", "x" * 65])
def test_refuses_a_country_that_is_none(written: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Address.model_validate({**HOME, "country": written})

    assert [error["loc"] for error in caught.value.errors()] == [("country",)]


@pytest.mark.parametrize("field", ["street_address", "city", "country", "zip_code"])
def test_refuses_an_address_without_what_a_carrier_needs(field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Address.model_validate({name: value for name, value in HOME.items() if name != field})
    with pytest.raises(ValidationError, match=field):
        Address.model_validate({**HOME, field: "  "})


def test_a_country_without_states_needs_none() -> None:
    assert Address.model_validate({**HOME, "country": "SG", "state": None}).state is None


def test_refuses_a_field_that_an_address_does_not_have() -> None:
    with pytest.raises(ValidationError, match="planet"):
        Address.model_validate({**HOME, "planet": "Earth"})
