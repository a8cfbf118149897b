"""Allocation: from which locations an order is served. Pure: whole numbers in, whole numbers out."""

from collections.abc import Mapping, Sequence
from itertools import combinations

Demand = Mapping[str, int]
"""Pieces by SKU."""
Availability = Mapping[str, Mapping[str, int]]
"""Pieces that nobody holds, by SKU and location."""
Allocation = dict[str, dict[str, int]]
"""Pieces to take, by SKU and location, above zero."""


def whole(demand: Demand, available: Availability, preference: Sequence[str]) -> Allocation | None:
    """Serve the whole order from the first preferred location that can; None if no single one can."""
    for location in preference:
        if all(available[sku].get(location, 0) >= quantity for sku, quantity in demand.items()):
            return {sku: {location: quantity} for sku, quantity in demand.items()}
    return None


def split(demand: Demand, available: Availability, preference: Sequence[str]) -> Allocation | None:
    """Serve the order from as few locations as can, of those the nearest; None if all together lack stock.

    Among them each line comes from the first that has all of it, else from several. Every set of locations is tried,
    which is 2 to the power of how many there are: a matter for a handful.
    """
    for count in range(1, len(preference) + 1):
        for places in combinations(preference, count):
            if all(_together(available[sku], places) >= quantity for sku, quantity in demand.items()):
                return {sku: as_much(quantity, available[sku], places) for sku, quantity in demand.items()}
    return None


def _together(available: Mapping[str, int], places: Sequence[str]) -> int:
    return sum(available.get(place, 0) for place in places)


def as_much(quantity: int, available: Mapping[str, int], preference: Sequence[str]) -> dict[str, int]:
    """Serve one line from the first location that has all of it, else from several, as far as they go."""
    alone = [location for location in preference if available.get(location, 0) >= quantity]
    taken: dict[str, int] = {}
    for location in alone[:1] or preference:
        pieces = min(quantity - sum(taken.values()), available.get(location, 0))
        if pieces > 0:
            taken[location] = pieces
    return taken
