"""GET /reservations/{order_id}: what is held for an order, and where it lies."""

from functions.furniture.ledger import LEDGER
from functions.furniture.reservations import FreightReservationAnswer, answer_with_delivery
from shared.errors import NotFound
from shared.storage import Database
from shared.values.identifiers import OrderId


def get_reservation(order_id: OrderId, db: Database) -> FreightReservationAnswer:
    """Return an order's reservation, whatever its state; NotFound if it never had one."""
    reservation = db.get(LEDGER.reservation, order_id)
    if reservation is None:
        raise NotFound(f"{order_id} has no reservation")
    return answer_with_delivery(reservation)
