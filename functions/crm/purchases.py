"""What each order brought its customer: spend, and the ledger of points earned, reversed and expired.

A purchase keeps facts (deliveries, refunds, expiries), each once by its natural key; spend, points and the entries of
the ledger follow from them, so facts may come in any order and twice. An order keeps one point for each whole dollar
of what remains of it, at most what its shipments earned: whole dollars of each, rounded down.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from functions.crm.belonging import Belonging
from functions.crm.loyalty import MINOR_PER_POINT, POINTS_LIVE_YEARS, years_from
from shared.storage import Index
from shared.values.clock import Timestamp

OPENING = "opening"


class Earning(BaseModel):
    """A delivery: goods net of tax in USD cents, the points they earned, and how many of these expired (None: live)."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    shipment_id: str
    at: Timestamp
    spend_minor: int
    points: int
    expired: int | None = None

    @property
    def expires_at(self) -> datetime:
        """When its points end: 24 months after the delivery."""
        return years_from(self.at, POINTS_LIVE_YEARS)


class Refund(BaseModel):
    """A return that was refunded: goods net of tax in USD cents."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    return_id: str
    at: Timestamp
    spend_minor: int


class Entry(BaseModel):
    """One line of the points ledger. `entry_id` is the shipment's, the return's, or `expired-` and the shipment's."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    entry_id: str
    kind: Literal["opening", "earned", "reversed", "expired"]
    at: Timestamp
    points: int
    spend_minor: int
    expires_at: Timestamp | None = None


class Purchase(Belonging):
    """An order's facts and what follows from them. `spend_minor` is delivered less refunded: USD cents, not below 0.

    `counted_at` is the first delivery: its refunds leave the twelve months with it. `next_expiry` is None when no
    points are left to expire.
    """

    collection: ClassVar[str] = "purchases"
    key_field: ClassVar[str] = "order_id"
    indexes: ClassVar[tuple[Index, ...]] = (
        Index("customer_id", sums=("points",)),
        Index("customer_id", "counted_at", sums=("spend_minor",)),
        Index("counted_at"),
        Index("changed_at"),
        Index("next_expiry", sums=("points",)),
    )

    order_id: str
    customer_id: str
    earnings: tuple[Earning, ...] = ()
    refunds: tuple[Refund, ...] = ()
    spend_minor: int = 0
    points: int = 0
    counted_at: Timestamp
    changed_at: Timestamp
    next_expiry: Timestamp | None = None

    def knows(self, key: str) -> bool:
        """Whether this shipment or return was heard of."""
        return any(each.shipment_id == key for each in self.earnings) or any(
            each.return_id == key for each in self.refunds
        )

    def settled(self, now: datetime) -> "Purchase":
        """Return this purchase with what follows from its facts."""
        alive = [each for each in self.earnings if each.points and each.expired is None]
        points = self._earned - self._expired - self._reversed(len(self.refunds))
        dates = [each.at for each in self.earnings] or [each.at for each in self.refunds]
        return self.model_copy(
            update={
                "spend_minor": max(0, self._remaining(len(self.refunds))),
                "points": points,
                "counted_at": min(dates),
                "changed_at": now,
                "next_expiry": min((each.expires_at for each in alive), default=None) if points else None,
            }
        )

    def expired(self, now: datetime) -> "Purchase":
        """Return this purchase without the points whose time is over, oldest first. Refunds took the oldest before."""
        taken = self._reversed(len(self.refunds))
        after = []
        for each in sorted(self.earnings, key=lambda earning: (earning.at, earning.shipment_id)):
            left = each.points - (each.expired or 0)
            reversed_here = min(taken, left)
            taken -= reversed_here
            due = each.expired is None and each.expires_at <= now
            after.append(each.model_copy(update={"expired": left - reversed_here}) if due else each)
        return self.model_copy(update={"earnings": tuple(after)}).settled(now)

    def entries(self) -> list[Entry]:
        """Return the lines of the ledger, oldest first; their points sum to `points`."""
        found = [*self._earned_entries(), *self._reversed_entries(), *self._expired_entries()]
        return sorted(found, key=lambda entry: (entry.at, entry.entry_id))

    @property
    def _earned(self) -> int:
        return sum(each.points for each in self.earnings)

    @property
    def _expired(self) -> int:
        return sum(each.expired or 0 for each in self.earnings)

    def _remaining(self, refunds: int) -> int:
        refunded = sum(each.spend_minor for each in self._refunds_in_turn()[:refunds])
        return sum(each.spend_minor for each in self.earnings) - refunded

    def _reversed(self, refunds: int) -> int:
        """Return how many points the first so many refunds took: never those that expired before, never more."""
        kept = min(self._earned, max(0, self._remaining(refunds)) // MINOR_PER_POINT)
        return min(self._earned - kept, self._earned - self._expired)

    def _refunds_in_turn(self) -> list[Refund]:
        return sorted(self.refunds, key=lambda refund: (refund.at, refund.return_id))

    def _earned_entries(self) -> Iterator[Entry]:
        for each in self.earnings:
            opening = each.shipment_id == OPENING
            yield Entry(
                entry_id=f"{OPENING}-{self.order_id}" if opening else each.shipment_id,
                kind="opening" if opening else "earned",
                at=each.at,
                points=each.points,
                spend_minor=each.spend_minor,
                expires_at=each.expires_at if each.points else None,
            )

    def _reversed_entries(self) -> Iterator[Entry]:
        for turn, each in enumerate(self._refunds_in_turn()):
            points = self._reversed(turn) - self._reversed(turn + 1)
            yield Entry(
                entry_id=each.return_id, kind="reversed", at=each.at, points=points, spend_minor=-each.spend_minor
            )

    def _expired_entries(self) -> Iterator[Entry]:
        for each in self.earnings:
            if each.expired:
                entry_id, at = f"expired-{each.shipment_id}", each.expires_at
                yield Entry(entry_id=entry_id, kind="expired", at=at, points=-each.expired, spend_minor=0)


def opening_purchase(customer_id: str, spend_minor: int, at: datetime, now: datetime) -> Purchase:
    """Return spend (USD cents) of before the books opened, as of a day. No points: those are earned on delivery."""
    opening = Earning(shipment_id=OPENING, at=at, spend_minor=spend_minor, points=0)
    order_id = f"{OPENING}-{customer_id}"
    purchase = Purchase(order_id=order_id, customer_id=customer_id, earnings=(opening,), counted_at=at, changed_at=now)
    return purchase.settled(now)
