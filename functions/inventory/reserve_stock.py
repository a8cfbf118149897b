"""POST /reservations: hold stock for an order until it is made firm, released or expires."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.stock.commands import ReserveStock
from shared.stock.drawing import draw
from shared.stock.holding import destined, earlier, open_reservation
from shared.stock.reservations import ReservationAnswer, answer
from shared.storage import Transaction


def reserve_stock(command: ReserveStock, tx: Transaction, now: datetime) -> ReservationAnswer:
    """Choose locations and hold the pieces for 15 minutes, or firmly; asked again, answer the same reservation.

    UnknownSku, OutOfStock, StepCancelled (released before), ReservationExpired (asked again too late).
    """
    demand = LEDGER.demand(command.lines)
    reservation = earlier(tx, LEDGER, command.order_id, demand, now)
    if reservation is None:
        lines = draw(tx, LEDGER, command.order_id, demand, command.destination)
        more = destined(command.destination)
        reservation = open_reservation(tx, LEDGER, command.order_id, lines, now, firm=command.firm, **more)
    return answer(reservation)
