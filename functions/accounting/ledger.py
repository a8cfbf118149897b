"""The ledger: entries that balance by construction, posted once each, and the totals of accounts.

An entry is one currency's part of what an event means to one entity (its leg); its key is event, leg, entity (unless
it is the home entity) and currency, so posting twice is impossible. Totals are split over 16 shards an account, so that
postings seldom meet at one document.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Self
from zlib import crc32

from pydantic import BaseModel, model_validator

from functions.accounting.entities import HOME
from functions.accounting.functional_currency import Books
from shared.events.envelope import Envelope
from shared.events.journal import JournalPosted, Posting
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp

SHARDS = 16


class Cause(BaseModel):
    """The event that is booked: its id and type, and the moment that decides the period it belongs to."""

    event_id: str
    type: str
    at: Timestamp

    @classmethod
    def of(cls, envelope: Envelope) -> Self:
        """Take an event as the cause."""
        return cls(event_id=envelope.id, type=envelope.type, at=envelope.time)


class JournalEntry(Document):
    """Postings in one currency whose debits equal their credits; ValidationError for anything else."""

    collection = "journal_entries"
    key_field = "entry_id"
    indexes = (Index("order_id", "posted_at"), Index("currency", "posted_at", sums=("debit_minor", "credit_minor")))

    entry_id: str
    event_id: str
    leg: str
    cause: str
    order_id: str | None = None
    entity: str = HOME
    currency: str
    postings: tuple[Posting, ...]
    debit_minor: int
    credit_minor: int
    occurred_at: Timestamp
    posted_at: Timestamp

    @model_validator(mode="after")
    def _balances(self) -> Self:
        if not self.postings or not all(_is_one_side_of(posting, self.currency) for posting in self.postings):
            raise ValueError(f"an entry needs postings in {self.currency}, each with one side above zero")
        debit = sum(posting.debit.minor for posting in self.postings)
        credit = sum(posting.credit.minor for posting in self.postings)
        if not debit == credit == self.debit_minor == self.credit_minor:
            raise ValueError(f"debits of {debit} and credits of {credit} {self.currency} minor units don't balance")
        return self


class AccountTotal(Document):
    """One shard of what was debited and credited to an entity's account in one currency and month, in minor units.

    `period` is the month in which what was booked happened: '2026-11'.
    """

    collection = "account_totals"

    key: str
    entity: str = HOME
    account: str
    currency: str
    period: str = ""
    debit_minor: int = 0
    credit_minor: int = 0


def post(
    tx: Transaction,
    cause: Cause,
    leg: str,
    postings: Sequence[Posting],
    order_id: str | None,
    now: datetime,
    books: Books | None = None,
) -> None:
    """Book what an event means; postings of zero are left out, and what is booked already stays as it is.

    Amounts are brought into the currency of the books; without `books` the home entity's, as they are. Postings that
    are still in several currencies make one entry each; ValidationError if one of them doesn't balance.
    """
    entity = books.entity if books else HOME
    brought = books.written(postings) if books else postings
    real = [posting for posting in brought if posting.debit or posting.credit]
    for currency in sorted({posting.debit.currency for posting in real}):
        entry_id = _key(cause, leg, entity, currency)
        if tx.get(JournalEntry, entry_id) is None:
            part = tuple(posting for posting in real if posting.debit.currency == currency)
            entry = JournalEntry(
                entry_id=entry_id,
                event_id=cause.event_id,
                leg=leg,
                cause=cause.type,
                order_id=order_id,
                entity=entity,
                currency=currency,
                postings=part,
                debit_minor=sum(posting.debit.minor for posting in part),
                credit_minor=sum(posting.credit.minor for posting in part),
                occurred_at=cause.at,
                posted_at=now,
            )
            _write(tx, entry)


def _write(tx: Transaction, entry: JournalEntry) -> None:
    tx.create(entry)
    period = f"{entry.occurred_at:%Y-%m}"
    shard = crc32(entry.event_id.encode()) % SHARDS
    for posting in entry.postings:
        key = f"{entry.entity}.{posting.account}.{entry.currency}.{period}.{shard}"
        total = tx.get(AccountTotal, key) or AccountTotal(
            key=key, entity=entry.entity, account=posting.account, currency=entry.currency, period=period
        )
        total.debit_minor += posting.debit.minor
        total.credit_minor += posting.credit.minor
        tx.put(total)
    tx.emit(
        JournalPosted(
            entry_id=entry.entry_id,
            order_id=entry.order_id,
            cause=entry.cause,
            entity=entry.entity,
            postings=entry.postings,
        ),
        entry.posted_at,
    )


def _is_one_side_of(posting: Posting, currency: str) -> bool:
    sides = (posting.debit, posting.credit)
    return all(side.currency == currency for side in sides) and sorted(side.minor > 0 for side in sides) == [
        False,
        True,
    ]


def _key(cause: Cause, leg: str, entity: str, currency: str) -> str:
    return ".".join([cause.event_id, leg, *([] if entity == HOME else [entity]), currency])
