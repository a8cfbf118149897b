"""POST /reservations/{order_id}/firm: the payment is authorized, so the goods stay held without limit."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from functions.furniture.reservations import FreightReservationAnswer, answer_with_delivery
from shared.stock.holding import firm
from shared.storage import Database
from shared.values.identifiers import OrderId


def firm_reservation(order_id: OrderId, db: Database, now: datetime) -> FreightReservationAnswer:
    """Make a pending reservation firm; ReservationExpired if its time is over or it was released. A repeat is fine."""
    return answer_with_delivery(firm(db, LEDGER, order_id, now))
