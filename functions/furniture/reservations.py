"""A freight reservation: pieces held for an order, the slot in which they are brought and what that costs."""

from functions.furniture.freight import ServiceLevel
from functions.furniture.slots import Window
from shared.http.models import Answer
from shared.stock.reservations import Reservation, ReservationAnswer, answer
from shared.values.money import Money


class FreightReservation(Reservation):
    """Furniture held for an order. The slot has no time limit of its own: it is booked as long as the pieces are held.

    `freight` is the quoted net price. Slot, level and price are null only in a tombstone.
    """

    slot_id: str | None = None
    service_level: ServiceLevel | None = None
    freight: Money | None = None


class DeliverySlot(Answer):
    """When and how freight is brought; the window is local time at the destination."""

    service_level: ServiceLevel
    slot_id: str
    date: str
    window: Window


class FreightReservationAnswer(ReservationAnswer):
    """A reservation with its delivery and freight price (net); both null if it was released before it arrived."""

    delivery: DeliverySlot | None
    freight: Money | None


def answer_with_delivery(reservation: FreightReservation) -> FreightReservationAnswer:
    """Show a freight reservation to other services."""
    plain = answer(reservation)
    return FreightReservationAnswer(
        order_id=plain.order_id,
        state=plain.state,
        expires_at=plain.expires_at,
        lines=plain.lines,
        delivery=_delivery(reservation),
        freight=reservation.freight,
    )


def _delivery(reservation: FreightReservation) -> DeliverySlot | None:
    if reservation.slot_id is None or reservation.service_level is None:
        return None
    _, day, window = reservation.slot_id.split(".")
    return DeliverySlot.model_validate(
        {"service_level": reservation.service_level, "slot_id": reservation.slot_id, "date": day, "window": window}
    )
