"""A SKU's stock: what is on hand and held at each location, and what it had cost.

Costing is a moving average without drift: a shard keeps the *value* of what it holds, in minor units, never a rounded
average. Pieces that leave take their share of the value by largest remainder, the last ones all that is left; so the
value of no pieces is nothing.
"""

from pydantic import BaseModel

from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Document
from shared.values.money import Money


class Place(BaseModel):
    """Pieces of one shard at one location. Available is `on_hand` less `reserved`."""

    on_hand: int = 0
    reserved: int = 0


class Stock(Document):
    """One shard of a SKU's stock, key `<sku>.<shard>`. `on_hand` and `reserved` are the sums over `places`.

    `value_minor` is the net cost of all pieces on hand, in minor units of `currency`. `shards` is over how many
    documents the SKU was spread when an operator last said so, 0 before that; `widest`, in shard 0 alone, how many may
    hold pieces since.
    """

    collection = "stock"

    key: str
    sku: str
    shard: int
    on_hand: int = 0
    reserved: int = 0
    value_minor: int = 0
    currency: str = VALUATION_CURRENCY
    places: dict[str, Place] = {}
    shards: int = 0
    widest: int = 0

    @property
    def average_cost_minor(self) -> int:
        """What one piece had cost on average, in minor units, rounded half up; 0 of an empty shard."""
        return (2 * self.value_minor + self.on_hand) // (2 * self.on_hand) if self.on_hand else 0

    def available(self, location: str) -> int:
        """How many pieces at a location nobody holds."""
        place = self.places.get(location, Place())
        return place.on_hand - place.reserved

    def receive(self, location: str, quantity: int, unit_cost: Money) -> None:
        """Add pieces at what each had cost."""
        self.put(location, quantity, unit_cost * quantity)

    def put(self, location: str, quantity: int, value: Money) -> None:
        """Add pieces that are worth `value` together."""
        self._move(location, on_hand=quantity)
        self.value_minor += value.minor

    def hold(self, location: str, quantity: int) -> None:
        """Keep pieces for an order."""
        self._move(location, reserved=quantity)

    def let_go(self, location: str, quantity: int) -> None:
        """Offer held pieces for sale again."""
        self._move(location, reserved=-quantity)

    def ship(self, location: str, quantity: int) -> Money:
        """Take held pieces out; returns what they had cost together, by which exactly the value goes down."""
        cost = self._share(quantity)
        self._move(location, on_hand=-quantity, reserved=-quantity)
        self.value_minor -= cost.minor
        return cost

    def take(self, location: str, quantity: int) -> Money:
        """Take pieces out that nobody holds; returns what they had cost together, as `ship` does."""
        cost = self._share(quantity)
        self._move(location, on_hand=-quantity)
        self.value_minor -= cost.minor
        return cost

    def _share(self, quantity: int) -> Money:
        return Money(self.currency, self.value_minor).apportion([quantity, max(0, self.on_hand - quantity)])[0]

    def _move(self, location: str, on_hand: int = 0, reserved: int = 0) -> None:
        place = self.places.get(location, Place())
        moved = Place(on_hand=place.on_hand + on_hand, reserved=place.reserved + reserved)
        if not 0 <= moved.reserved <= moved.on_hand:
            raise ValueError(f"{self.key} at {location} would have {moved.reserved} held of {moved.on_hand} on hand")
        self.places = {**self.places, location: moved}
        self.on_hand += on_hand
        self.reserved += reserved


def stock_key(sku: str, shard: int) -> str:
    """Return the key of a shard."""
    return f"{sku}.{shard}"


def empty(sku: str, shard: int) -> Stock:
    """Return a shard that nothing was put into yet."""
    return Stock(key=stock_key(sku, shard), sku=sku, shard=shard)


def unit_costs(cost: Money, quantity: int) -> list[tuple[int, Money]]:
    """Spread a cost over pieces as (pieces, unit cost): one entry if it divides, else two, one minor unit apart.

    10.00 over 3 pieces: 2 at 3.33 and 1 at 3.34, so that every residual cent has an owner.
    """
    unit, residue = divmod(cost.minor, quantity)
    split = [(quantity - residue, Money(cost.currency, unit)), (residue, Money(cost.currency, unit + 1))]
    return [(pieces, each) for pieces, each in split if pieces]
