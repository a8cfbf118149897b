"""Furniture stock: published by furniture; the same facts as inventory's."""

from typing import ClassVar

from shared.events.inventory import StockCommitted, StockReceived, StockReleased, StockReserved


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
