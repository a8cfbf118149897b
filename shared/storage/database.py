"""The port. Nothing here that Firestore can't promise: no joins, no scans, at most 500 writes in one commit.

A transaction reads without locks and ends in one commit that verifies the version of every document it read; on a
conflict the work runs again (bounded, with jitter), so work must have no effect outside its transaction. Queries
inside a transaction are hints: rules rest on documents got by key. Uniqueness is a document whose key is the unique
value.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.events.envelope import Envelope, Event
from shared.storage.documents import Document, Page, Totals

D = TypeVar("D", bound=Document)
R = TypeVar("R")

WRITES_PER_COMMIT = 500


class Reader(Protocol):
    """What both a database and a transaction can be asked."""

    def get(self, kind: type[D], key: str) -> D | None:
        """Return the document under this key, or None. In a transaction: as it will be, and its version is verified."""

    def query(
        self,
        kind: type[D],
        /,
        *,
        order_by: str | None = None,
        since: Any = None,
        until: Any = None,
        descending: bool = False,
        limit: int = 100,
        cursor: str | None = None,
        **equals: Any,
    ) -> Page[D]:
        """Find documents by a declared index.

        UndeclaredIndex if there is none. Bounds are inclusive, ties go by key.
        """


class Transaction(Reader, Protocol):
    """One optimistic transaction: reads now, buffers writes, commits once when the work returns."""

    def put(self, document: Document) -> None:
        """Write the document under its key, new or not."""

    def create(self, document: Document) -> None:
        """Write a document whose key must be free; if it is not, the work runs again and then sees the other."""

    def delete(self, document: Document) -> None:
        """Remove the document; removing what is not there is no error."""

    def emit(self, event: Event, at: datetime) -> str:
        """Publish an event if and when this transaction commits (outbox).

        Returns the event's id. `at` is its `time`.
        """


class Database(Reader, Protocol):
    """One service's own database."""

    service: str

    def transact(self, work: Callable[[Transaction], R], *, deferrable: bool = False) -> R:
        """Run work in a transaction and commit; Contention after too many conflicts. Transactions don't nest.

        `deferrable` says that nobody acts on what work returns before the present batch of deliveries is settled: a
        store may commit it with others of the batch then, and has run it again by itself if other writers were first.
        """

    def get_many(self, kind: type[D], keys: Sequence[str]) -> list[D | None]:
        """Return the documents under these keys, None for each that is missing, in the order asked."""

    def aggregate(
        self,
        kind: type[D],
        /,
        *,
        sums: Sequence[str] = (),
        order_by: str | None = None,
        since: Any = None,
        until: Any = None,
        **equals: Any,
    ) -> Totals:
        """Count matching documents and sum whole-number top-level fields. Without conditions: the whole collection."""

    def purge(self, kind: type[Document], now: datetime, limit: int = 400) -> int:
        """Remove up to `limit` documents whose `ttl_field` lies before now; returns how many."""

    def unsent(self, limit: int = 100) -> list[Envelope]:
        """Return events of commits whose process is gone.

        (or that were left for long) and that are not published yet, each after all earlier ones of its sequence,
        whoever owns them: so there may be a few more than `limit`.
        """

    def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
        """Return the unsent events that were committed before these and belong to the sequence of one of them.

        In the order of commits, whoever owns them. A sequence is a topic and an ordering key; `events` are of one
        commit. Those of no sequence cost no read.
        """

    def discard_sent(self, event_ids: Sequence[str]) -> None:
        """Forget outbox rows that the broker has; may wait for the next commit, so a crash only repeats a publish."""

    def outstanding(self) -> int:
        """How many outbox rows are not yet published."""

    def close(self) -> None:
        """Give back files and connections."""


class UndeclaredIndex(LookupError):
    """A query asked for fields that no declared index of the document covers."""
