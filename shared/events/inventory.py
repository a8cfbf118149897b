"""Standard stock: published by inventory. Furniture's facts are the same with their own names (`furniture.py`)."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events.envelope import Event, Part
from shared.values.identifiers import OrderId, ShipmentId, Sku
from shared.values.money import Money


class StockLine(Part):
    """So many pieces of a SKU at a location."""

    sku: Sku
    location: str
    quantity: int = Field(ge=1)


class CostedLine(StockLine):
    """Pieces that left, with what one piece had cost (net, in the stock's valuation currency)."""

    unit_cost: Money


class StockReserved(Event):
    """Pieces are held for an order."""

    order_id: OrderId
    lines: tuple[StockLine, ...]


class StockReleased(Event):
    """Pieces held for an order are for sale again. `reason`: released, expired, rejected, cancelled."""

    order_id: OrderId
    lines: tuple[StockLine, ...]
    reason: str


class StockCommitted(Event):
    """Pieces left with a shipment: no longer on hand, no longer held."""

    order_id: OrderId
    shipment_id: ShipmentId
    lines: tuple[CostedLine, ...]


class StockReceived(Event):
    """Pieces came in; `receipt_id` names the goods receipt."""

    subject_field: ClassVar[str] = "sku"
    receipt_id: str
    sku: Sku
    location: str
    quantity: int = Field(ge=1)
    unit_cost: Money


StockState = Literal["sellable", "quarantine", "damaged", "in_transit"]


class AdjustedLine(Part):
    """Pieces that appeared (`delta` above zero) or vanished, by count or write-off; `value` changed with them."""

    sku: Sku
    location: str
    state: StockState = "sellable"
    delta: int
    value: Money


class StockAdjusted(Event):
    """What is on hand was set right: counted, damaged, lost, found, expired."""

    subject_field: ClassVar[str] = "adjustment_id"
    adjustment_id: str
    by: str
    reason: str
    lines: tuple[AdjustedLine, ...] = Field(min_length=1)


class StockMoved(Event):
    """Pieces changed state or place without leaving the books: quarantined, released, sent to or arrived at a place."""

    subject_field: ClassVar[str] = "movement_id"
    movement_id: str
    sku: Sku
    quantity: int = Field(ge=1)
    from_location: str
    from_state: StockState
    to_location: str
    to_state: StockState
    reason: str


class ReturnedStockLine(CostedLine):
    """Returned pieces at what they had cost when they left."""

    state: StockState


class StockReturned(Event):
    """Returned pieces are on hand again."""

    order_id: OrderId
    return_id: str
    lines: tuple[ReturnedStockLine, ...] = Field(min_length=1)


class StockLow(Event):
    """Fewer pieces than `threshold` are available; told once per crossing."""

    subject_field: ClassVar[str] = "sku"
    sku: Sku
    available: int
    threshold: int


class InventoryReserved(StockReserved):
    """Standard stock is held for an order."""

    type: ClassVar[str] = "inventory.reserved"


class InventoryReleased(StockReleased):
    """Standard stock is for sale again."""

    type: ClassVar[str] = "inventory.released"


class InventoryCommitted(StockCommitted):
    """Standard stock left with a shipment."""

    type: ClassVar[str] = "inventory.committed"


class InventoryReceived(StockReceived):
    """Standard stock came in."""

    type: ClassVar[str] = "inventory.received"


class InventoryAdjusted(StockAdjusted):
    """Standard stock was set right."""

    type: ClassVar[str] = "inventory.adjusted"


class InventoryMoved(StockMoved):
    """Standard stock changed state or place."""

    type: ClassVar[str] = "inventory.moved"


class InventoryReturned(StockReturned):
    """Standard stock came back from a customer."""

    type: ClassVar[str] = "inventory.returned"


class InventoryLowStock(StockLow):
    """Standard stock runs low."""

    type: ClassVar[str] = "inventory.low_stock"
