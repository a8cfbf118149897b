"""How often the old checkout called inventory for a sale: a document a call, so that counting contends with nobody."""

from datetime import timedelta
from typing import ClassVar

from shared.storage import Document, Index
from shared.values.clock import Timestamp

KEPT = timedelta(days=30)


class SaleCall(Document):
    """One call: no order, no quantity, no effect."""

    collection: ClassVar[str] = "sale_calls"
    key_field: ClassVar[str] = "call_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("code", "called_at"),)
    ttl_field: ClassVar[str | None] = "forgotten_at"

    call_id: str
    code: str
    called_at: Timestamp
    forgotten_at: Timestamp
