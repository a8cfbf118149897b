"""What parcels cost the customer: a dated tariff by destination zone and total weight."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache

from functions.pricing.catalogue import PRICE_LIST_CURRENCY
from functions.pricing.tables import DatedRow, Row, Table, in_force, read_table
from shared.values.money import Money


class Step(Row):
    """The net price in USD of everything up to a weight."""

    up_to_g: int
    net: Decimal


class Zone(Row):
    """Destinations that cost the same; `countries` is None for wherever no other zone is."""

    zone: str
    countries: frozenset[str] | None
    steps: tuple[Step, ...]
    each_further_kg: Decimal

    def net(self, weight_g: int) -> Money:
        """Return the price of a total weight: its step's, or beyond the last step that plus each started kilogram."""
        for step in self.steps:
            if weight_g <= step.up_to_g:
                return Money.of(step.net, PRICE_LIST_CURRENCY)
        last = self.steps[-1]
        started_kg = -(-(weight_g - last.up_to_g) // 1000)
        return Money.of(last.net + self.each_further_kg * started_kg, PRICE_LIST_CURRENCY)


class Tariff(DatedRow):
    """The zones of a time; the last one has no list of countries."""

    zones: tuple[Zone, ...]


class ParcelTariff(Table):
    """The whole file."""

    rows: tuple[Tariff, ...]


@cache
def _tariffs() -> tuple[Tariff, ...]:
    return read_table(ParcelTariff, "parcel_tariff").rows


def parcel_rate(country: str, weight_g: int, at: datetime) -> Money:
    """Return the net price in USD of sending a total weight (grams) to a country."""
    return _net(in_force(_tariffs(), at).valid_from, country, weight_g)


@lru_cache(maxsize=4096)
def _net(valid_from: date, country: str, weight_g: int) -> Money:
    zones = next(each for each in _tariffs() if each.valid_from == valid_from).zones
    zone = next((each for each in zones if each.countries and country in each.countries), zones[-1])
    return zone.net(weight_g)
