"""Pieces on the books that are not for sale: in quarantine, damaged, or on the way to a location.

They lie in a document of their own for each SKU, so that reserving never reads or meets them.
"""

from pydantic import BaseModel

from shared.events.inventory import StockState
from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Document
from shared.values.money import Money


class Cell(BaseModel):
    """Pieces in one state at one location, and what they had cost together, in minor units."""

    pieces: int = 0
    value_minor: int = 0


class SetAside(Document):
    """What of a SKU is not for sale: cells by location and state; those in transit are at the location they go to."""

    collection = "set_aside"
    key_field = "sku"

    sku: str
    currency: str = VALUATION_CURRENCY
    cells: dict[str, dict[StockState, Cell]] = {}

    def cell(self, location: str, state: StockState) -> Cell:
        """Return what lies there; an empty cell if nothing does."""
        return self.cells.get(location, {}).get(state, Cell())

    def put(self, location: str, state: StockState, quantity: int, value: Money) -> None:
        """Add pieces that are worth `value` together."""
        held = self.cell(location, state)
        changed = Cell(pieces=held.pieces + quantity, value_minor=held.value_minor + value.minor)
        self.cells = {**self.cells, location: {**self.cells.get(location, {}), state: changed}}

    def take(self, location: str, state: StockState, quantity: int) -> Money:
        """Take pieces out with their share of the cell's value; ValueError if there are fewer."""
        held = self.cell(location, state)
        if not 0 < quantity <= held.pieces:
            raise ValueError(f"{self.sku} at {location}: {quantity} of {held.pieces} {state} cannot leave")
        value = Money(self.currency, held.value_minor).apportion([quantity, held.pieces - quantity])[0]
        self.put(location, state, -quantity, -value)
        return value

    def pieces(self, state: StockState) -> int:
        """How many pieces are in a state, at all locations."""
        return sum(cells[state].pieces for cells in self.cells.values() if state in cells)

    @property
    def all_pieces(self) -> int:
        """How many pieces all of it is."""
        return sum(cell.pieces for cells in self.cells.values() for cell in cells.values())

    @property
    def value_minor(self) -> int:
        """What all of it had cost."""
        return sum(cell.value_minor for cells in self.cells.values() for cell in cells.values())
