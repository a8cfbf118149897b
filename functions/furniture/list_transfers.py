"""GET /transfers: what is on the way between locations, or has arrived."""

from shared.stock.transfers import Status, Transfers, listed
from shared.storage import Database


def list_transfers(db: Database, status: Status = "in_transit", cursor: str | None = None) -> Transfers:
    """Return the transfers in a status, the oldest first, 100 to a page."""
    return listed(db, status, cursor)
