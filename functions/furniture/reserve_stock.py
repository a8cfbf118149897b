"""POST /reservations: hold furniture and a delivery slot for an order until they are made firm, released or expire."""

from datetime import datetime

from pydantic import Field

from functions.furniture.freight import ServiceLevel, quote
from functions.furniture.ledger import LEDGER
from functions.furniture.reservations import FreightReservationAnswer, answer_with_delivery
from functions.furniture.slots import book
from shared.stock.commands import ReserveStock
from shared.stock.drawing import draw
from shared.stock.holding import destined, earlier, open_reservation
from shared.storage import Transaction


class ReserveFurniture(ReserveStock):
    """Hold pieces and a slot; without `slot_id` the first free one."""

    service_level: ServiceLevel = "kerbside"
    slot_id: str | None = Field(default=None, max_length=40)


def reserve_stock(command: ReserveFurniture, tx: Transaction, now: datetime) -> FreightReservationAnswer:
    """Choose locations, hold pieces and slot for 15 minutes, quote freight; asked again, answer the same reservation.

    UnknownSku, Invalid (no zone or slot of this destination), OutOfStock, SlotTaken, StepCancelled, ReservationExpired.
    """
    demand = LEDGER.demand(command.lines)
    reservation = earlier(tx, LEDGER, command.order_id, demand, now)
    if reservation is None:
        freight = quote(demand, LEDGER.skus, command.destination, command.service_level, now.date())
        lines = draw(tx, LEDGER, command.order_id, demand, command.destination)
        slot_id = book(tx, command.destination, command.slot_id, command.order_id, now)
        reservation = open_reservation(
            tx,
            LEDGER,
            command.order_id,
            lines,
            now,
            firm=command.firm,
            **destined(command.destination),
            slot_id=slot_id,
            service_level=command.service_level,
            freight=freight.net,
        )
    return answer_with_delivery(reservation)
