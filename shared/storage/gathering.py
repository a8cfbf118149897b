"""What a batch of deliveries keeps back in one store: transactions to commit as one, and what they will leave there."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.storage.buffered import Slot
from shared.storage.database import Transaction
from shared.storage.sqlite_transaction import SqliteTransaction


@dataclass(frozen=True, slots=True)
class Kept:
    """A transaction whose work is done but not committed, and how to do it again if another writer was first."""

    tx: SqliteTransaction
    work: Callable[[Transaction], Any]
    result: Any
    traceparent: str | None


@dataclass(slots=True)
class Gathered:
    """Transactions kept back, in their order; each later one reads what the earlier ones will have written."""

    kept: list[Kept] = field(default_factory=list)
    weight: int = 0
    _left: dict[Slot, tuple[int | None, str | None]] = field(default_factory=dict)

    def keep(self, kept: Kept) -> None:
        """Add one."""
        self.kept.append(kept)
        self.weight += kept.tx.weight
        self._left.update(kept.tx.leaves())

    def found(self, slot: Slot) -> tuple[int | None, str | None] | None:
        """Return the version and body that will stand there, (None, None) if it will be gone, None if untouched."""
        return self._left.get(slot)
