"""Furniture's ledger: every SKU that goes by freight; a reservation holds a delivery slot beside the pieces."""

from functions.furniture.reservations import FreightReservation
from functions.furniture.slots import give_back
from shared.events.furniture import (
    FurnitureAdjusted,
    FurnitureCommitted,
    FurnitureLowStock,
    FurnitureMoved,
    FurnitureReceived,
    FurnitureReleased,
    FurnitureReserved,
    FurnitureReturned,
)
from shared.stock.ledger import Ledger
from shared.stock.skus import skus
from shared.storage import Transaction


def give_back_slot(tx: Transaction, reservation: FreightReservation) -> None:
    """Free the slot of a released reservation, unless part of the goods left and is brought then."""
    if reservation.slot_id is not None and not reservation.shipments:
        give_back(tx, reservation.slot_id, reservation.order_id)


LEDGER = Ledger(
    fulfilment="freight",
    skus=skus("freight"),
    reservation=FreightReservation,
    reserved=FurnitureReserved,
    released=FurnitureReleased,
    committed=FurnitureCommitted,
    received=FurnitureReceived,
    adjusted=FurnitureAdjusted,
    moved=FurnitureMoved,
    returned=FurnitureReturned,
    low=FurnitureLowStock,
    on_release=give_back_slot,
)
