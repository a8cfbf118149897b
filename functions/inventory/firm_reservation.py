"""POST /reservations/{order_id}/firm: the payment is authorized, so the goods stay held without limit."""

from datetime import datetime

from functions.inventory.ledger import LEDGER
from shared.stock.holding import firm
from shared.stock.reservations import ReservationAnswer, answer
from shared.storage import Database
from shared.values.identifiers import OrderId


def firm_reservation(order_id: OrderId, db: Database, now: datetime) -> ReservationAnswer:
    """Make a pending reservation firm; ReservationExpired if its time is over or it was released. A repeat is fine."""
    return answer(firm(db, LEDGER, order_id, now))
