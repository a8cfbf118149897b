"""Standard stock: published by inventory. Furniture's facts are the same with their own names (`furniture.py`)."""

from typing import ClassVar

from pydantic import Field

from shared.events.envelope import Event
from shared.events.order import Part
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
