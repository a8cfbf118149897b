"""GET /reservations/{order_id}: what is held for an order, and where it lies."""

from functions.inventory.ledger import LEDGER
from shared.errors import NotFound
from shared.stock.reservations import ReservationAnswer, answer
from shared.storage import Database
from shared.values.identifiers import OrderId


def get_reservation(order_id: OrderId, db: Database) -> ReservationAnswer:
    """Return an order's reservation, whatever its state; NotFound if it never had one."""
    reservation = db.get(LEDGER.reservation, order_id)
    if reservation is None:
        raise NotFound(f"{order_id} has no reservation")
    return answer(reservation)
