"""Allocation: from which locations an order is served. Pure: whole numbers in, whole numbers out."""

from collections.abc import Mapping, Sequence

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
    """Serve each line from the first location that has all of it, else from several; None if all lack stock."""
    lines = {sku: as_much(quantity, available[sku], preference) for sku, quantity in demand.items()}
    if any(sum(lines[sku].values()) < quantity for sku, quantity in demand.items()):
        return None
    return lines


def as_much(quantity: int, available: Mapping[str, int], preference: Sequence[str]) -> dict[str, int]:
    """Serve one line from the first location that has all of it, else from several, as far as they go."""
    alone = [location for location in preference if available.get(location, 0) >= quantity]
    taken: dict[str, int] = {}
    for location in alone[:1] or preference:
        pieces = min(quantity - sum(taken.values()), available.get(location, 0))
        if pieces > 0:
            taken[location] = pieces
    return taken
