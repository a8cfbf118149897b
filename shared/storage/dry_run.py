"""A database for dry runs: work runs in real transactions that are never committed, and what it would write is kept.

Later transactions of the same run see what earlier ones would have written. Queries don't: they are hints anyway.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from shared.events.envelope import Envelope, Event
from shared.storage.database import Database, Transaction
from shared.storage.documents import Document, Page, Totals, checked_body, checked_key

D = TypeVar("D", bound=Document)
R = TypeVar("R")

Slot = tuple[str, str]
"""Collection and key."""
Body = str | None
"""A document as it would be, None if it would not be there."""


@dataclass(frozen=True)
class Change:
    """What would become of one document."""

    kind: type[Document]
    key: str
    change: Literal["created", "changed", "deleted"]


class _Uncommitted(Exception):
    """Ends a transaction whose work is done, so that its database writes nothing."""


class DryTransaction:
    """Reads through a real transaction, and keeps what it is told to write to itself."""

    def __init__(self, real: Transaction, known: dict[Slot, Body]) -> None:
        self._real, self._known = real, known
        self.written: dict[Slot, tuple[type[Document], Body, Body]] = {}
        """What stood there and what would."""
        self.events: list[Event] = []

    def get(self, kind: type[D], key: str) -> D | None:
        """Return the document as this transaction would leave it."""
        slot = (kind.collection, key)
        if slot in self.written:
            body = self.written[slot][2]
        elif slot in self._known:
            body = self._known[slot]
        else:
            return self._real.get(kind, key)
        return kind.load(body) if body is not None else None

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed."""
        return self._real.query(kind, **asked)

    def put(self, document: Document) -> None:
        """Note that the document would be written; ValueError for what no store takes."""
        self._write(document, checked_body(document))

    def create(self, document: Document) -> None:
        """Note that the document would be written; ValueError if the key is taken."""
        if self.get(type(document), document.document_key) is not None:
            raise ValueError(f"{document.collection}/{document.document_key} exists")
        self.put(document)

    def delete(self, document: Document) -> None:
        """Note that the document would be removed."""
        self._write(document, None)

    def emit(self, event: Event, at: datetime) -> str:
        """Note that the event would be published; the id is no event's."""
        self.events.append(event)
        return f"evt_dry{len(self.events)}"

    def _write(self, document: Document, body: Body) -> None:
        slot = (document.collection, checked_key(document))
        if slot in self.written:
            before = self.written[slot][1]
        else:
            there = self.get(type(document), slot[1])
            before = there.model_dump_json() if there is not None else None
        self.written[slot] = (type(document), before, body)


class DryDatabase:
    """A service's database as a dry run sees it: it reads, and nothing is ever written, published or removed."""

    def __init__(self, real: Database) -> None:
        self.service, self._real = real.service, real
        self.events: list[Event] = []
        self._written: dict[Slot, tuple[type[Document], Body, Body]] = {}

    def changes(self, *, apart_from: type[Document]) -> list[Change]:
        """Return what would become of documents, but those that stay as they are and those of one kind."""
        found = []
        for (_, key), (kind, before, after) in self._written.items():
            if kind is not apart_from and before != after:
                change: Literal["created", "changed", "deleted"] = (
                    "created" if before is None else "deleted" if after is None else "changed"
                )
                found.append(Change(kind, key, change))
        return found

    def transact(self, work: Callable[[Transaction], R], *, deferrable: bool = False) -> R:
        """Run work and keep nothing of it; what it raises is raised."""
        done: list[tuple[DryTransaction, R]] = []
        known = {slot: after for slot, (_, _, after) in self._written.items()}

        def run(tx: Transaction) -> None:
            dry = DryTransaction(tx, known)
            done[:] = [(dry, work(dry))]
            raise _Uncommitted

        try:
            self._real.transact(run)
        except _Uncommitted:
            dry, result = done[0]
        for slot, (kind, before, after) in dry.written.items():
            first = self._written[slot][1] if slot in self._written else before
            self._written[slot] = (kind, first, after)
        self.events += dry.events
        return result

    def get(self, kind: type[D], key: str) -> D | None:
        """Return the document as the run would have left it."""
        return self.get_many(kind, (key,))[0]

    def get_many(self, kind: type[D], keys: Sequence[str]) -> list[D | None]:
        """Return the documents as the run would have left them."""
        there = self._real.get_many(kind, keys)
        return [self._now(kind, key, found) for key, found in zip(keys, there, strict=True)]

    def _now(self, kind: type[D], key: str, found: D | None) -> D | None:
        slot = (kind.collection, key)
        if slot not in self._written:
            return found
        body = self._written[slot][2]
        return kind.load(body) if body is not None else None

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed."""
        return self._real.query(kind, **asked)

    def aggregate(self, kind: type[D], /, **asked: Any) -> Totals:
        """Count and sum what is committed."""
        return self._real.aggregate(kind, **asked)

    def purge(self, kind: type[Document], now: datetime, limit: int = 400) -> int:
        """Remove nothing."""
        return 0

    def unsent(self, limit: int = 100) -> list[Envelope]:
        """Leave publishing to others."""
        return []

    def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
        """Leave publishing to others."""
        return []

    def discard_sent(self, event_ids: Sequence[str]) -> None:
        """Forget nothing."""

    def outstanding(self) -> int:
        """How many outbox rows are not yet published."""
        return self._real.outstanding()

    def close(self) -> None:
        """Leave the real one open."""
