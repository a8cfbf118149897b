"""The inbox: events that were acknowledged and are not yet in the analytical store."""

from time import monotonic

from shared.analytics import AnalyticalStore
from shared.events import Envelope
from shared.storage import Database, Document, Transaction

AT_ONCE = 2000
"""Rows in one load."""
REMOVED_AT_ONCE = 400
"""Rows in one commit, which holds 500 writes."""


class InboxRow(Document):
    """An event by its id: receiving it again changes nothing."""

    collection = "inbox"
    key_field = "event_id"

    event_id: str
    envelope: Envelope


def drain(db: Database, store: AnalyticalStore, seconds: float) -> int:
    """Load the inbox, oldest id first, until it is empty or the time is up; returns how many events were new.

    Rows are removed after their load, so a crash in between loads them again, which adds nothing.
    """
    loaded, deadline = 0, monotonic() + seconds
    while True:
        page = db.query(InboxRow, limit=AT_ONCE)
        if page.items:
            loaded += store.load([row.envelope for row in page.items])
            _remove(db, page.items)
        if page.next_cursor is None or monotonic() > deadline:
            return loaded


def _remove(db: Database, rows: list[InboxRow]) -> None:
    for start in range(0, len(rows), REMOVED_AT_ONCE):
        part = rows[start : start + REMOVED_AT_ONCE]

        def remove(tx: Transaction, part: list[InboxRow] = part) -> None:
            for row in part:
                tx.delete(row)

        db.transact(remove)
