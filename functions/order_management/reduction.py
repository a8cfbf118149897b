"""A reduction: pieces of an order that will not leave, because somebody cancelled them or nobody found them."""

from typing import Literal

from shared.storage import Document, Index
from shared.values.clock import Timestamp


class Reduction(Document):
    """One cancellation, whole (`wanted` is None) or of pieces by SKU, or one short pick.

    `asking`: warehouse (checkout, of a backordered order) has not answered yet. It ends `cancelled` (nothing of the
    order leaves), `reduced` (worth `total_minor` in `currency`) or `refused` (the goods had left); `ended_at` is the
    time of its event.
    """

    collection = "reductions"
    key_field = "reduction_id"
    indexes = (
        Index("state", "asked_at"),
        Index("state", "ended_at"),
        Index("state", "currency", "ended_at", sums=("total_minor",)),
    )

    reduction_id: str
    order_id: str
    by: str
    reason: str
    wanted: dict[str, int] | None = None
    reference: str | None = None
    backordered: bool = False
    """Whether its order waits for goods: then checkout is asked, not warehouse."""
    state: Literal["asking", "cancelled", "reduced", "refused"]
    asked_at: Timestamp
    ended_at: Timestamp | None = None
    currency: str | None = None
    total_minor: int = 0

    def same_as(self, by: str, reason: str, wanted: dict[str, int] | None, reference: str | None) -> bool:
        """Whether this is what is asked for again: an order is cancelled whole once, its pieces once by their name."""
        if wanted is None or self.wanted is None:
            return wanted is None and self.wanted is None
        if reference or self.reference:
            return reference == self.reference
        return (by, reason, wanted) == (self.by, self.reason, self.wanted)
