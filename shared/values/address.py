"""A postal address; the country as ISO 3166 alpha-2 code or English name, kept as the code."""

from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.values.personal import PersonalText

_PLAIN = frozenset(
    {"US", "CA", "GB", "DE", "FR", "NL", "ES", "IT", "BE", "AT", "PL", "SE", "DK", "IE", "PT", "JP", "AU"}
)


@lru_cache(maxsize=512)
def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code of a code or an English country name ('Germany' -> 'DE')."""
    if text in _PLAIN:  # spares most processes the country database
        return text
    import pycountry  # noqa: PLC0415  (7 ms and 2 MB that most processes never need)

    try:
        return str(pycountry.countries.lookup(text.strip()).alpha_2)
    except LookupError as error:
        raise PydanticCustomError("country", "expected an ISO 3166 alpha-2 code or an English country name") from error


Country = Annotated[str, Field(min_length=2, max_length=64), AfterValidator(country_code)]


class Address(BaseModel):
    """Where something goes or who is billed. `state` is a region code where the country has one ('CA')."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, defer_build=True)

    street_address: PersonalText = Field(min_length=1, max_length=200)
    city: PersonalText = Field(min_length=1, max_length=100)
    state: str | None = Field(default=None, max_length=64)
    country: Country
    zip_code: PersonalText = Field(min_length=1, max_length=16)
