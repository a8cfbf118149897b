"""What the data warehouse has begun and not finished, and what waits for no person."""

from functions.data_warehouse.inbox import InboxRow
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count events that are not yet loaded."""
    return {"inbox": db.aggregate(InboxRow).count}
