"""The ledger: published by accounting."""

from typing import ClassVar

from shared.events.envelope import Event, Part
from shared.values.money import Money


class Posting(Part):
    """One side of an entry: either `debit` or `credit` is above zero, the other is zero.

    `original` is what was converted into the currency of the books; it is there if that is another currency.
    """

    account: str
    debit: Money
    credit: Money
    original: Money | None = None


class JournalPosted(Event):
    """A balanced entry was posted in an entity's books. `entry_id` derives from the event it follows and its leg."""

    type: ClassVar[str] = "journal.posted"
    subject_field: ClassVar[str] = "entry_id"
    entry_id: str
    order_id: str | None = None
    cause: str
    entity: str | None = None
    postings: tuple[Posting, ...]
