"""Drawing: hold the pieces of an order in the stock documents, choosing locations and shards.

An order's home shard of each SKU follows from its id, so buyers of a sharded SKU spread. Only when the home shards
can't serve the whole order from one location are the other shards read (and so verified); it is refused only if all
together lack stock.
"""

from collections.abc import Iterable, Mapping, Sequence

from shared.errors import OutOfStock
from shared.stock.allocation import Allocation, Demand, split, whole
from shared.stock.destinations import Destination, preferred
from shared.stock.ledger import Ledger, R
from shared.stock.reservations import Pick, ReservedLine
from shared.stock.sharding import all_shards, home_shard
from shared.stock.stock import Stock
from shared.storage import Transaction

Shelves = dict[str, list[Stock]]
"""Shards by SKU, in the order in which to draw on them."""


def draw(
    tx: Transaction, ledger: Ledger[R], order_id: str, demand: Demand, destination: Destination
) -> list[ReservedLine]:
    """Hold the pieces of an order; OutOfStock names every line that all shards and locations together can't serve."""
    preference = [location for location in preferred(destination) if location in ledger.locations]
    shelves: Shelves = {sku: [home_shard(tx, ledger, sku, order_id)] for sku in demand}
    chosen = whole(demand, _available(shelves, preference), preference)
    if chosen is None:
        for sku, shards in shelves.items():
            shards += [each for each in all_shards(tx, ledger, sku) if each.shard != shards[0].shard]
        chosen = _from_all(demand, shelves, preference)
    return [
        ReservedLine(sku=sku, quantity=sum(chosen[sku].values()), picks=hold(tx, chosen[sku], shelves[sku]))
        for sku in demand
    ]


def _available(shelves: Shelves, preference: Iterable[str]) -> dict[str, dict[str, int]]:
    places = list(preference)
    return {
        sku: {place: sum(max(0, shard.available(place)) for shard in shards) for place in places}
        for sku, shards in shelves.items()
    }


def _from_all(demand: Demand, shelves: Shelves, preference: Sequence[str]) -> Allocation:
    available = _available(shelves, preference)
    chosen = split(demand, available, preference)
    if chosen is None:
        left = {sku: sum(places.values()) for sku, places in available.items()}
        short = [
            {"sku": sku, "requested": quantity, "available": left[sku]}
            for sku, quantity in demand.items()
            if left[sku] < quantity
        ]
        raise OutOfStock("; ".join(f"{each['available']} left of {each['sku']}" for each in short), lines=short)
    return chosen


def hold(tx: Transaction, chosen: Mapping[str, int], shards: Sequence[Stock]) -> list[Pick]:
    """Hold pieces of one SKU, as chosen by location, drawing on shards in their order."""
    picks = []
    for location, quantity in chosen.items():
        wanted = quantity
        for stock in shards:
            pieces = min(wanted, max(0, stock.available(location)))
            if pieces:
                stock.hold(location, pieces)
                tx.put(stock)
                cost = stock.average_cost_minor
                picks.append(Pick(location=location, shard=stock.shard, quantity=pieces, unit_cost_minor=cost))
                wanted -= pieces
    return picks
