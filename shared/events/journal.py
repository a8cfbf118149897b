"""The ledger: published by accounting."""

from typing import ClassVar

from shared.events.envelope import Event, Part
from shared.values.money import Money


class Posting(Part):
    """One side of an entry: either `debit` or `credit` is above zero, the other is zero."""

    account: str
    debit: Money
    credit: Money


class JournalPosted(Event):
    """A balanced entry was posted. `entry_id` derives from the event it follows and its leg."""

    type: ClassVar[str] = "journal.posted"
    subject_field: ClassVar[str] = "entry_id"
    entry_id: str
    order_id: str | None = None
    cause: str
    postings: tuple[Posting, ...]
