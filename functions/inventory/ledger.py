"""Inventory's ledger: every SKU that goes by parcel."""

from shared.events.inventory import InventoryCommitted, InventoryReceived, InventoryReleased, InventoryReserved
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
)
