r"""A reservation: pieces held for an order.

    pending (15 minutes) -> firm (no limit) -> committed      every piece left with a shipment
                        \__________________-> released       what had not left is for sale again

Pieces may leave it before that: those that were not found (`amendments`) and those that the order gave up.
A released one without lines is a tombstone: the release came before the reservation, which is then refused.
"""

from datetime import timedelta
from typing import Literal

from pydantic import BaseModel

from shared.http.models import Answer
from shared.stock.amendments import Amendments
from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Document, Index
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money

HOLD = timedelta(minutes=15)
"""How long goods are held before payment."""

State = Literal["pending", "firm", "committed", "released"]
Cause = Literal["released", "expired", "rejected", "cancelled", "reduced"]


class Pick(BaseModel):
    """Pieces of one shard at one location: their average cost when reserving, and how many have `left`."""

    location: str
    shard: int
    quantity: int
    unit_cost_minor: int
    left: int = 0


class ReservedLine(BaseModel):
    """All pieces of one SKU."""

    sku: str
    quantity: int
    picks: list[Pick]


class Ending(BaseModel):
    """Why and when a reservation was released: `cause` as published, `detail` in the caller's own words."""

    cause: Cause
    detail: str
    at: Timestamp


class Reservation(Document):
    """Pieces held for an order; the key is the order. `expires_at` counts only while pending.

    `country` and `region` (a state's code, or empty) say where it goes, should pieces have to be found again.
    """

    collection = "reservations"
    key_field = "order_id"
    indexes = (Index("state", "expires_at"),)

    order_id: OrderId
    state: State
    reserved_at: Timestamp
    expires_at: Timestamp
    lines: list[ReservedLine] = []
    shipments: list[str] = []
    ending: Ending | None = None
    country: str = ""
    region: str = ""
    amendments: Amendments | None = None

    @property
    def demand(self) -> dict[str, int]:
        """How many pieces of each SKU were asked for."""
        return {line.sku: line.quantity for line in self.lines}

    @property
    def held(self) -> list[tuple[str, Pick]]:
        """SKU and pick of whatever is still held; nothing once committed or released."""
        if self.state not in ("pending", "firm"):
            return []
        return [(line.sku, pick) for line in self.lines for pick in line.picks if pick.left < pick.quantity]

    @property
    def is_open(self) -> bool:
        """Whether pieces are still to leave: held ones, and those that the order waits for."""
        waits = self.amendments is not None and any(short.missing for short in self.amendments.shorts)
        return waits or bool(self.held)

    def drop_empty_picks(self) -> None:
        """Forget picks of no pieces."""
        for line in self.lines:
            line.picks = [pick for pick in line.picks if pick.quantity]

    def amended(self) -> Amendments:
        """Return the amendments, to be added to."""
        if self.amendments is None:
            self.amendments = Amendments()
        return self.amendments


class PickAnswer(Answer):
    """Where pieces lie, and what one had cost on average when they were reserved (net)."""

    location: str
    quantity: int
    unit_cost: Money


class LineAnswer(Answer):
    """One SKU of a reservation and where its pieces lie."""

    sku: str
    quantity: int
    picks: list[PickAnswer]


class ReservationAnswer(Answer):
    """A reservation. `expires_at` is null unless pending. Lines stay as they were chosen, whatever left since."""

    order_id: OrderId
    state: State
    expires_at: Timestamp | None
    lines: list[LineAnswer]


class ReleaseAnswer(Answer):
    """Nothing is held for this order (any more)."""

    order_id: OrderId
    state: Literal["released"] = "released"


def answer(reservation: Reservation) -> ReservationAnswer:
    """Show a reservation to other services."""
    return ReservationAnswer(
        order_id=reservation.order_id,
        state=reservation.state,
        expires_at=reservation.expires_at if reservation.state == "pending" else None,
        lines=[_line(line) for line in reservation.lines],
    )


def _line(line: ReservedLine) -> LineAnswer:
    """Leave out shards: several at one location are one pick at their average cost, rounded half up."""
    quantities: dict[str, int] = {}
    costs: dict[str, int] = {}
    for pick in line.picks:
        quantities[pick.location] = quantities.get(pick.location, 0) + pick.quantity
        costs[pick.location] = costs.get(pick.location, 0) + pick.quantity * pick.unit_cost_minor
    picks = [
        PickAnswer(
            location=location,
            quantity=pieces,
            unit_cost=Money(VALUATION_CURRENCY, (2 * costs[location] + pieces) // (2 * pieces)),
        )
        for location, pieces in quantities.items()
    ]
    return LineAnswer(sku=line.sku, quantity=line.quantity, picks=picks)
