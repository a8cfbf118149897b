"""Furniture stock: published by furniture; the same facts as inventory's."""

from typing import ClassVar

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


class FurnitureReserved(StockReserved):
    """Furniture is held for an order."""

    type: ClassVar[str] = "furniture.reserved"


class FurnitureReleased(StockReleased):
    """Furniture is for sale again."""

    type: ClassVar[str] = "furniture.released"


class FurnitureCommitted(StockCommitted):
    """Furniture left with a shipment."""

    type: ClassVar[str] = "furniture.committed"


class FurnitureReceived(StockReceived):
    """Furniture came in."""

    type: ClassVar[str] = "furniture.received"


class FurnitureAdjusted(StockAdjusted):
    """Furniture was set right."""

    type: ClassVar[str] = "furniture.adjusted"


class FurnitureMoved(StockMoved):
    """Furniture changed state or place."""

    type: ClassVar[str] = "furniture.moved"


class FurnitureReturned(StockReturned):
    """Furniture came back from a customer."""

    type: ClassVar[str] = "furniture.returned"


class FurnitureLowStock(StockLow):
    """Furniture runs low."""

    type: ClassVar[str] = "furniture.low_stock"
