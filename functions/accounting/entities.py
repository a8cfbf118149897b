"""The legal entities that sell and keep books (`shared/seed/entities.json`), and what belongs to which.

Goods belong to the entity of the country in which they lie. A gateway's merchant account belongs to the entity whose
functional currency it is in; all others are the home entity's.
"""

from functools import cache

from pydantic import BaseModel, ConfigDict

from shared.errors import Undeliverable
from shared.seed import read
from shared.values.address import Address

HOME = "ob-us"
"""The entity of everything that names none."""


class Entity(BaseModel):
    """Who sells, by name in the register, with tax and trade numbers by kind."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    entity: str
    legal_name: str
    country: str
    address: Address
    functional_currency: str
    registrations: dict[str, str]


@cache
def entities() -> dict[str, Entity]:
    """Return all entities by their key."""
    return {row["entity"]: Entity.model_validate(row) for row in read("entities")["entities"]}


def entity(seller: str | None) -> Entity:
    """Return who sells; Undeliverable for a key that is no entity's."""
    found = entities().get(seller or HOME)
    if found is None:
        raise Undeliverable(f"no entity {seller!r}")
    return found


@cache
def owner_of(location: str) -> str:
    """Return whose goods lie at a location."""
    countries = {row["location"]: row["country"] for row in read("locations")["locations"]}
    return next((each.entity for each in entities().values() if each.country == countries.get(location)), HOME)


def collector_of(currency: str) -> str:
    """Return whose merchant account takes payments in a currency."""
    return next((each.entity for each in entities().values() if each.functional_currency == currency), HOME)
