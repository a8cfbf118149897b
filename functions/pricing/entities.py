"""The legal entities that sell, where each sells to, and from where goods may leave; read once per process."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from shared.seed import read

Country = str
"""ISO 3166 alpha-2."""


class Entity(BaseModel):
    """A seller as taxes see it; `sells_to` is None for the one that sells wherever no other does."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    entity: str
    legal_name: str
    country: Country
    sells_to: frozenset[Country] | None = None
    nexus_states: frozenset[str] = frozenset()
    nexus_about: str | None = None
    one_stop_shop: bool = False


@cache
def entities() -> tuple[Entity, ...]:
    """Return every entity."""
    return tuple(Entity.model_validate(row) for row in read("entities")["entities"])


@cache
def _seller_by_country() -> dict[Country, Entity]:
    return {country: entity for entity in entities() for country in entity.sells_to or ()}


@cache
def _seller_elsewhere() -> Entity:
    return next(entity for entity in entities() if entity.sells_to is None)


def seller_to(country: Country) -> Entity:
    """Return the entity that sells to a destination; every destination has exactly one."""
    return _seller_by_country().get(country) or _seller_elsewhere()


@cache
def countries_of_locations() -> dict[str, Country]:
    """Return the country of each warehouse, by location."""
    return {row["location"]: row["country"] for row in read("locations")["locations"]}
