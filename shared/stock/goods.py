"""All of one SKU inside a transaction: the shards that are for sale and what is set aside, as one heap of goods."""

from functools import cached_property

from shared.events.inventory import StockState
from shared.stock.ledger import Ledger, R
from shared.stock.set_aside import SetAside
from shared.stock.sharding import all_shards, shard_count
from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Transaction
from shared.values.money import Money


class Goods:
    """Pieces of a SKU by location and state. What is changed is written at once."""

    def __init__(self, tx: Transaction, ledger: Ledger[R], sku: str) -> None:
        self.sku = sku
        self._tx = tx
        self._opening_cost = ledger.skus[sku].unit_cost
        self.shards = all_shards(tx, ledger, sku)
        self._spread = self.shards[: shard_count(ledger, self.shards[0])]

    @cached_property
    def _aside(self) -> SetAside:
        return self._tx.get(SetAside, self.sku) or SetAside(sku=self.sku)

    def on_hand(self, location: str, state: StockState = "sellable") -> int:
        """How many pieces lie there, held ones too."""
        if state != "sellable":
            return self._aside.cell(location, state).pieces
        return sum(stock.places[location].on_hand for stock in self.shards if location in stock.places)

    def free(self, location: str, state: StockState = "sellable") -> int:
        """How many pieces of them no order holds."""
        if state != "sellable":
            return self.on_hand(location, state)
        return sum(max(0, stock.available(location)) for stock in self.shards)

    def take(self, location: str, state: StockState, quantity: int) -> Money:
        """Take free pieces out; returns what they had cost. ValueError if fewer are free."""
        if state != "sellable":
            cost = self._aside.take(location, state, quantity)
            self._tx.put(self._aside)
            return cost
        if quantity > self.free(location):
            raise ValueError(f"{self.free(location)} of {self.sku} are free at {location}, {quantity} were to leave")
        cost, wanted = Money.zero(VALUATION_CURRENCY), quantity
        for stock in self.shards:
            pieces = min(wanted, max(0, stock.available(location)))
            if pieces:
                cost += stock.take(location, pieces)
                self._tx.put(stock)
                wanted -= pieces
        return cost

    def put(self, location: str, state: StockState, quantity: int, value: Money) -> None:
        """Add pieces that are worth `value` together; sellable ones to the shard that has least there."""
        if state != "sellable":
            self._aside.put(location, state, quantity, value)
            self._tx.put(self._aside)
            return
        stock = min(self._spread, key=lambda each: each.available(location))
        stock.put(location, quantity, value)
        self._tx.put(stock)

    def worth(self, quantity: int) -> Money:
        """Return what so many pieces would cost on average, rounded half up; without stock, at the opening cost."""
        pieces = sum(stock.on_hand for stock in self.shards)
        if pieces == 0:
            return self._opening_cost * quantity
        value = sum(stock.value_minor for stock in self.shards)
        return Money(VALUATION_CURRENCY, (2 * value * quantity + pieces) // (2 * pieces))
