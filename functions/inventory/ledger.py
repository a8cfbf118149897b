"""Inventory's ledger: every SKU that goes by parcel."""

from shared.events.inventory import (
    InventoryAdjusted,
    InventoryCommitted,
    InventoryLowStock,
    InventoryMoved,
    InventoryReceived,
    InventoryReleased,
    InventoryReserved,
    InventoryReturned,
)
from shared.stock.ledger import Ledger
from shared.stock.reservations import Reservation
from shared.stock.skus import skus

LEDGER = Ledger(
    fulfilment="parcel",
    skus=skus("parcel"),
    reservation=Reservation,
    reserved=InventoryReserved,
    released=InventoryReleased,
    committed=InventoryCommitted,
    received=InventoryReceived,
    adjusted=InventoryAdjusted,
    moved=InventoryMoved,
    returned=InventoryReturned,
    low=InventoryLowStock,
)
