"""What a transaction is on every adapter: it reads by key once, keeps what it will write, and wraps its events."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.events.envelope import Envelope, Event, wrap
from shared.storage.database import WRITES_PER_COMMIT
from shared.storage.documents import Document, checked_body, checked_key, is_key
from shared.values.identifiers import new_id

D = TypeVar("D", bound=Document)
V = TypeVar("V")

Slot = tuple[str, str]
"""Collection and key."""


class BufferedTransaction(Generic[V]):
    """Reads now without locks, keeps what will be written (bodies: a document changed after `put` shows nowhere).

    `V` is the adapter's version of a document; None is that of a document that is not there.
    """

    __slots__ = ("_seen", "_source", "_traceparent", "_writes", "events")

    def __init__(self, source: str, traceparent: Callable[[], str | None]) -> None:
        self._source = source
        self._traceparent = traceparent
        self._seen: dict[Slot, tuple[type[Document], V | None, str | bytes | None]] = {}
        self._writes: dict[Slot, tuple[type[Document], str | None]] = {}
        self.events: list[Envelope] = []

    def _read(self, kind: type[Document], key: str) -> tuple[V | None, str | bytes | None]:
        """Return version and body of what is committed under this key, or (None, None)."""
        raise NotImplementedError

    def get(self, kind: type[D], key: str) -> D | None:
        """Return the document as this transaction will leave it, or None; its version is verified when committing."""
        slot = (kind.collection, key)
        body: str | bytes | None
        if slot in self._writes:
            body = self._writes[slot][1]
        elif not is_key(key):
            return None
        else:
            if slot not in self._seen:
                self._seen[slot] = (kind, *self._read(kind, key))
            body = self._seen[slot][2]
        return kind.load(body) if body is not None else None

    def put(self, document: Document) -> None:
        """Write the document as it is now; ValueError for a key or a size that Firestore would refuse."""
        self._writes[self._slot(document)] = (type(document), checked_body(document))

    def create(self, document: Document) -> None:
        """Write a document whose key must be free; ValueError if this transaction itself knows that it is not."""
        slot = self._slot(document)
        known: Any = self._writes.get(slot) or self._seen.get(slot)
        if known is None:
            self._seen[slot] = (type(document), None, None)
        elif known[-1] is not None:
            raise ValueError(f"{slot[0]}/{slot[1]} exists, as this transaction has read or written")
        self.put(document)

    def delete(self, document: Document) -> None:
        """Remove the document; removing what is not there is no error."""
        self._writes[self._slot(document)] = (type(document), None)

    def emit(self, event: Event, at: datetime) -> str:
        """Publish an event if and when this transaction commits; returns its id."""
        event_id = new_id("evt", at)
        self.events.append(wrap(event, event_id=event_id, source=self._source, at=at, traceparent=self._traceparent()))
        return event_id

    @property
    def weight(self) -> int:
        """How many writes this is, events included."""
        return len(self._writes) + len(self.events)

    def has_effect(self) -> bool:
        """Say whether anything is to be written; ValueError for more than 500 writes, events included."""
        if self.weight > WRITES_PER_COMMIT:
            raise ValueError(f"{self.weight} writes in one commit; at most {WRITES_PER_COMMIT}")
        return self.weight > 0

    def is_blind(self) -> bool:
        """Say whether nothing was read by key, so that no other writer can be in conflict with this."""
        return not self._seen

    def _slot(self, document: Document) -> Slot:
        return document.collection, checked_key(document)
