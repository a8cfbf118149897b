"""What tells one stock ledger from another: the SKUs it owns, its kind of reservation and the names of its events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.errors import UnknownSku
from shared.events.inventory import (
    StockAdjusted,
    StockCommitted,
    StockLow,
    StockMoved,
    StockReceived,
    StockReleased,
    StockReserved,
    StockReturned,
)
from shared.stock.commands import OrderedLine
from shared.stock.reservations import Reservation
from shared.stock.skus import Fulfilment, StockKeepingUnit, locations
from shared.storage import Transaction

R = TypeVar("R", bound=Reservation)


def nothing_more(_tx: Transaction, _reservation: Any) -> None:
    """End a reservation that held nothing but stock."""


@dataclass(frozen=True)
class Ledger(Generic[R]):
    """One service's stock. `on_release` gives back, in the releasing transaction, what else a reservation held.

    `known_shards` is this process's memory of how many shards a SKU has: a hint for `sharding`.
    """

    fulfilment: Fulfilment
    skus: Mapping[str, StockKeepingUnit]
    reservation: type[R]
    reserved: type[StockReserved]
    released: type[StockReleased]
    committed: type[StockCommitted]
    received: type[StockReceived]
    adjusted: type[StockAdjusted]
    moved: type[StockMoved]
    returned: type[StockReturned]
    low: type[StockLow]
    locations: tuple[str, ...] = field(default_factory=locations)
    on_release: Callable[[Transaction, R], None] = nothing_more
    known_shards: dict[str, int] = field(default_factory=dict, compare=False)

    def complaints(self, *, sku: str, **locations: str) -> list[tuple[str, str]]:
        """Return, by field, what is wrong with a SKU and locations: nothing if all are this ledger's."""
        found = []
        if sku not in self.skus:
            found.append(("sku", f"expected a {self.fulfilment} product: {', '.join(self.skus)}"))
        for name, location in locations.items():
            if location not in self.locations:
                found.append((name, f"expected one of {', '.join(self.locations)}"))
        return found

    def demand(self, lines: Iterable[OrderedLine]) -> dict[str, int]:
        """Add up pieces by SKU; UnknownSku names those that this ledger doesn't own."""
        wanted: dict[str, int] = {}
        for line in lines:
            wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
        unknown = [sku for sku in wanted if sku not in self.skus]
        if unknown:
            raise UnknownSku(f"no such {self.fulfilment} product: {', '.join(unknown)}", skus=unknown)
        return wanted
