"""What the shop owes its customers in points, day by day."""

from typing import ClassVar

from shared.storage import Document, Index
from shared.values.clock import Timestamp


class Valuation(Document):
    """All points that customers held on a day, if they were not as many as at the valuation before it."""

    collection: ClassVar[str] = "valuations"
    key_field: ClassVar[str] = "valuation_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("valued_at"),)

    valuation_id: str
    points: int
    valued_at: Timestamp
