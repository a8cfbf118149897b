"""One optimistic transaction on Firestore: read outside of any lock, decided, then one batch with preconditions."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from shared.storage.buffered import BufferedTransaction, Slot
from shared.storage.documents import Document, Page
from shared.storage.firestore_documents import conditional, fields_of, indexed, verified, written
from shared.storage.firestore_indexes import BODY, COMMIT
from shared.storage.firestore_wire import FirestoreWire, Write

D = TypeVar("D", bound=Document)


class Home(Protocol):
    """What a transaction needs of its database."""

    wire: FirestoreWire

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed."""


class FirestoreTransaction(BufferedTransaction[Any]):
    """A transaction whose versions are the update times of documents."""

    __slots__ = ("_home",)

    def __init__(self, home: Home, source: str, traceparent: Callable[[], str | None]) -> None:
        super().__init__(source, traceparent)
        self._home = home

    def query(self, kind: type[D], /, **asked: Any) -> Page[D]:
        """Find documents among what is committed: a hint, not verified, blind to what this transaction writes."""
        return self._home.query(kind, **asked)

    def is_consistent(self) -> bool:
        """Say whether everything read stood so at one moment; a single read always did."""
        return len(self._seen) < 2 or all(self._unchanged().values())

    def writes(self, commit: str) -> list[Any]:
        """Return the batch: what was only read is verified, what was read and is written has its version demanded."""
        batch = [
            verified(self._name(slot), version)
            for slot, (_, version, _) in self._seen.items()
            if slot not in self._writes
        ]
        for slot, (kind, body) in self._writes.items():
            name = self._name(slot)
            write = Write(delete=name) if body is None else written(name, fields_of(kind, slot[1], body, commit))
            batch.append(conditional(write, self._seen[slot][1]) if slot in self._seen else write)
        return batch

    def happened(self, commit: str) -> bool | None:
        """Find out by reading whether a commit took place whose answer was lost; None if nothing tells.

        What it wrote bears its mark: the handled record above all, which nobody writes twice. Where that record, or
        anything else that it had read, still stands as it was read, it has not; should it come yet, what runs after
        this makes it fail.
        """
        names = [self._name(slot) for slot, (_, body) in self._writes.items() if body is not None]
        found = self._home.wire.documents(names, (COMMIT,)).values() if names else ()
        if any(document.fields[COMMIT].string_value == commit for document in found):
            return True
        changing = {slot: same for slot, same in self._unchanged().items() if slot in self._writes}
        return False if any(changing.values()) else None

    def _read(self, kind: type[Document], key: str) -> tuple[Any | None, str | None]:
        name = self._home.wire.name(kind.collection, key)
        found = self._home.wire.documents((name,), (BODY,)).get(name)
        return (found.update_time, found.fields[BODY].string_value) if found is not None else (None, None)

    def _slot(self, document: Document) -> Slot:
        indexed(type(document))
        return super()._slot(document)

    def _unchanged(self) -> dict[Slot, bool]:
        """Say of each document that was read whether it still stands as it was read."""
        if not self._seen:
            return {}
        found = self._home.wire.documents([self._name(slot) for slot in self._seen], ())
        now = {name: document.update_time for name, document in found.items()}
        return {slot: now.get(self._name(slot)) == version for slot, (_, version, _) in self._seen.items()}

    def _name(self, slot: Slot) -> str:
        return self._home.wire.name(*slot)
