"""From which country each line leaves: what the reservation says, or where its destination is likely served from.

A line that leaves from several warehouses is taxed as what leaves from the one that its allocation preferred. What the
customer pays doesn't hang on it (see `embedded_tax`), so a quote, which knows no reservation, has the order's totals.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from functions.pricing.entities import Country, countries_of_locations
from shared.errors import Invalid
from shared.stock.destinations import Destination, preferred
from shared.values.address import Address

ShipFrom = Mapping[str, Sequence[str]]
"""By SKU: the warehouses from which it leaves, the preferred one first."""


def origins(skus: Sequence[str], ship_from: ShipFrom, destination: Address) -> list[Country]:
    """Return the country that each SKU leaves from; Invalid for a warehouse that there is none of."""
    countries = countries_of_locations()
    for sku, locations in ship_from.items():
        for location in locations:
            if location not in countries:
                raise Invalid((f"ship_from.{sku}", f"expected warehouses out of {', '.join(sorted(countries))}"))
    likely = countries[_likely(destination.country, destination.state)]
    return [countries[ship_from[sku][0]] if ship_from.get(sku) else likely for sku in skus]


@lru_cache(maxsize=512)
def _likely(country: Country, state: str | None) -> str:
    """Return where a destination is served from first; its postal code makes no difference."""
    return preferred(Destination.model_construct(country=country, state=state, zip_code=""))[0]
