"""Stock levels: what is on hand, held and available of a SKU."""

from shared.errors import NotFound
from shared.http.models import Answer
from shared.stock.ledger import Ledger, R
from shared.stock.set_aside import SetAside
from shared.stock.sharding import width
from shared.stock.stock import Place, Stock, stock_key
from shared.storage import Database


class LocationLevel(Answer):
    """Pieces at one location: `on_hand` and `reserved` of those for sale, then those that are not."""

    location: str
    on_hand: int
    reserved: int
    quarantine: int = 0
    damaged: int = 0
    in_transit: int = 0


class StockLevel(Answer):
    """Pieces of a SKU at all locations. available = on_hand - reserved; pieces not for sale are counted apart.

    Pieces `in_transit` are on their way to the location, and not on hand anywhere.
    """

    sku: str
    on_hand: int
    reserved: int
    available: int
    locations: list[LocationLevel]
    quarantine: int = 0
    damaged: int = 0
    in_transit: int = 0


def shards(db: Database, ledger: Ledger[R], sku: str) -> list[Stock]:
    """Return the shards of a SKU that hold or held something."""
    keys = [stock_key(sku, number) for number in range(ledger.skus[sku].shards)]
    found = db.get_many(Stock, keys)
    more = range(len(keys), width(ledger, found[0]) if found[0] else 0)
    if more:
        found += db.get_many(Stock, [stock_key(sku, number) for number in more])
    return [stock for stock in found if stock is not None]


def level(db: Database, ledger: Ledger[R], sku: str) -> StockLevel:
    """Add up a SKU's shards; NotFound for a SKU that this ledger doesn't own."""
    if sku not in ledger.skus:
        raise NotFound(f"no {ledger.fulfilment} product has the SKU {sku}")
    stocks, aside = shards(db, ledger, sku), db.get(SetAside, sku) or SetAside(sku=sku)
    on_hand, reserved = sum(each.on_hand for each in stocks), sum(each.reserved for each in stocks)
    return StockLevel(
        sku=sku,
        on_hand=on_hand,
        reserved=reserved,
        available=on_hand - reserved,
        locations=[_at(location, stocks, aside) for location in ledger.locations],
        quarantine=aside.pieces("quarantine"),
        damaged=aside.pieces("damaged"),
        in_transit=aside.pieces("in_transit"),
    )


def _at(location: str, stocks: list[Stock], aside: SetAside) -> LocationLevel:
    places = [stock.places.get(location, Place()) for stock in stocks]
    return LocationLevel(
        location=location,
        on_hand=sum(place.on_hand for place in places),
        reserved=sum(place.reserved for place in places),
        quarantine=aside.cell(location, "quarantine").pieces,
        damaged=aside.cell(location, "damaged").pieces,
        in_transit=aside.cell(location, "in_transit").pieces,
    )
