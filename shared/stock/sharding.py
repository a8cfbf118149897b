"""Shards: over how many documents a SKU's stock is split, so that buyers of a hot SKU don't all meet at one.

How many there are stands in shard 0 once an operator has said so, before that in SKU data. A process remembers what
it saw last to choose a buyer's home shard; that is a hint, which every shard corrects. Whoever needs all shards reads
shard 0 in his transaction, so nothing ever rests on the hint.
"""

from zlib import crc32

from pydantic import Field

from shared.errors import NotFound
from shared.http.models import Answer, Command
from shared.stock.ledger import Ledger, R
from shared.stock.skus import VALUATION_CURRENCY
from shared.stock.stock import Stock, empty, stock_key
from shared.storage import Transaction
from shared.values.money import Money

MOST_SHARDS = 32
"""Far from the 500 writes that a change of shards may make."""


class ChangeShards(Command):
    """Split a SKU's stock over so many documents."""

    shards: int = Field(ge=1, le=MOST_SHARDS)


class ShardLevel(Answer):
    """What one document holds."""

    shard: int
    on_hand: int
    reserved: int


class SkuShards(Answer):
    """Over how many documents a SKU's stock is split; `holding` lists them, and old ones that still hold pieces."""

    sku: str
    shards: int
    holding: list[ShardLevel]


def shard(tx: Transaction, sku: str, number: int) -> Stock:
    """Return a shard, an empty one if nothing was put into it yet."""
    return tx.get(Stock, stock_key(sku, number)) or empty(sku, number)


def home_shard(tx: Transaction, ledger: Ledger[R], sku: str, order_id: str) -> Stock:
    """Return the shard on which an order draws first; orders spread over shards by their ids."""
    number, usual = crc32(order_id.encode()), ledger.skus[sku].shards
    known = ledger.known_shards.get(sku) or usual
    home = shard(tx, sku, number % known)
    if home.shards not in (0, known):
        ledger.known_shards[sku] = home.shards
    elif known != usual and not home.places:  # nothing was ever put there: what is remembered is of another database
        ledger.known_shards.pop(sku, None)
        return shard(tx, sku, number % usual)
    return home


def all_shards(tx: Transaction, ledger: Ledger[R], sku: str) -> list[Stock]:
    """Return every shard of a SKU that may hold something, in their order."""
    first = shard(tx, sku, 0)
    return [first, *(shard(tx, sku, number) for number in range(1, width(ledger, first)))]


def width(ledger: Ledger[R], first: Stock) -> int:
    """Return how many shards may hold something, by shard 0: more than goods are spread over if orders hold pieces."""
    return max(first.widest, shard_count(ledger, first))


def shard_count(ledger: Ledger[R], first: Stock) -> int:
    """Return over how many shards goods are spread, by shard 0."""
    return first.shards or ledger.skus[first.sku].shards


def change_shards(tx: Transaction, ledger: Ledger[R], sku: str, count: int) -> SkuShards:
    """Spread a SKU's free pieces evenly over `count` shards; held ones stay where their reservations know them.

    Shards that go keep what is held in them and are drawn on last, until it has left or is free and spread anew.
    NotFound for a SKU that this ledger doesn't own.
    """
    if sku not in ledger.skus:
        raise NotFound(f"no {ledger.fulfilment} product has the SKU {sku}")
    stocks = all_shards(tx, ledger, sku)
    stocks += [shard(tx, sku, number) for number in range(len(stocks), count)]
    for location in ledger.locations:
        _spread(stocks, location, count)
    stocks[0].widest = max(count, *(stock.shard + 1 for stock in stocks if stock.on_hand or stock.shard == 0))
    for stock in stocks:
        stock.shards = count
        tx.put(stock)
    holding = [
        ShardLevel(shard=each.shard, on_hand=each.on_hand, reserved=each.reserved)
        for each in stocks
        if each.on_hand or each.shard < count
    ]
    return SkuShards(sku=sku, shards=count, holding=holding)


def _spread(stocks: list[Stock], location: str, count: int) -> None:
    pieces, value = 0, Money.zero(VALUATION_CURRENCY)
    for stock in stocks:
        free = max(0, stock.available(location))
        if free:
            value += stock.take(location, free)
            pieces += free
    shares = [pieces // count + (number < pieces % count) for number in range(count)]
    for stock, share, worth in zip(stocks, shares, value.apportion(shares), strict=False):
        if share:
            stock.put(location, share, worth)
