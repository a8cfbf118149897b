"""Stock levels: what is on hand, held and available of a SKU."""

from shared.errors import NotFound
from shared.http.models import Answer
from shared.stock.ledger import Ledger, R
from shared.stock.stock import Place, Stock, stock_key
from shared.storage import Database


class LocationLevel(Answer):
    """Pieces at one location."""

    location: str
    on_hand: int
    reserved: int


class StockLevel(Answer):
    """Pieces of a SKU at all locations. available = on_hand - reserved."""

    sku: str
    on_hand: int
    reserved: int
    available: int
    locations: list[LocationLevel]


def shards(db: Database, ledger: Ledger[R], sku: str) -> list[Stock]:
    """Return the shards of a SKU that hold or held something."""
    keys = [stock_key(sku, shard) for shard in range(ledger.skus[sku].shards)]
    return [stock for stock in db.get_many(Stock, keys) if stock is not None]


def level(db: Database, ledger: Ledger[R], sku: str) -> StockLevel:
    """Add up a SKU's shards; NotFound for a SKU that this ledger doesn't own."""
    if sku not in ledger.skus:
        raise NotFound(f"no {ledger.fulfilment} product has the SKU {sku}")
    stocks = shards(db, ledger, sku)
    on_hand, reserved = sum(each.on_hand for each in stocks), sum(each.reserved for each in stocks)
    return StockLevel(
        sku=sku,
        on_hand=on_hand,
        reserved=reserved,
        available=on_hand - reserved,
        locations=[_at(location, stocks) for location in ledger.locations],
    )


def _at(location: str, stocks: list[Stock]) -> LocationLevel:
    places = [stock.places.get(location, Place()) for stock in stocks]
    return LocationLevel(
        location=location,
        on_hand=sum(place.on_hand for place in places),
        reserved=sum(place.reserved for place in places),
    )
