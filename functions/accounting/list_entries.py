"""GET /entries?order_id=: what was booked for an order, one item per posting."""

from functions.accounting.ledger import JournalEntry
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class EntryLine(Answer):
    """One side of an entry in an entity's books. `event_id` and `cause` tell the event that was booked, `at` when.

    `original` is what was converted into the currency of the books.
    """

    entry_id: str
    event_id: str
    cause: str
    order_id: str | None
    entity: str
    account: str
    debit: Money
    credit: Money
    original: Money | None = None
    at: Timestamp
    posted_at: Timestamp


class Entries(Items):
    """The postings of an order, as they were booked."""

    items: list[EntryLine]


def list_entries(order_id: OrderId, db: Database, cursor: str | None = None) -> Entries:
    """List postings, those booked first first; 100 entries a page."""
    page = db.query(JournalEntry, order_id=order_id, order_by="posted_at", cursor=cursor)
    items = [line for entry in page.items for line in _lines(entry)]
    return Entries(items=items, next_cursor=page.next_cursor)


def _lines(entry: JournalEntry) -> list[EntryLine]:
    return [
        EntryLine(
            entry_id=entry.entry_id,
            event_id=entry.event_id,
            cause=entry.cause,
            order_id=entry.order_id,
            entity=entry.entity,
            account=posting.account,
            debit=posting.debit,
            credit=posting.credit,
            original=posting.original,
            at=entry.occurred_at,
            posted_at=entry.posted_at,
        )
        for posting in entry.postings
    ]
