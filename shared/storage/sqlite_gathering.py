"""What a batch of deliveries keeps back in one SQLite file, and how it commits that as one.

Each transaction kept back has its work done; later ones of the batch read what the earlier will have written. If
another writer was first, the work of those that it concerns is done again.
"""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.errors import Contention, Unavailable
from shared.storage.buffered import Slot
from shared.storage.database import WRITES_PER_COMMIT, Transaction
from shared.storage.durability import Scope, current_scope
from shared.storage.guard import open_transaction
from shared.storage.sqlite_transaction import SqliteTransaction

RERUNS = 30
FIRST_PAUSE, LONGEST_PAUSE = 0.0005, 0.05  # seconds


class Home(Protocol):
    """The database whose commits are kept back. A `Gathering` store."""

    service: str

    def apply_all(self, transactions: Sequence[SqliteTransaction], scope: Scope | None) -> bool:
        """Commit these as one, in their order; False, and nothing is written, if there is a conflict."""

    def apply_each(self, transactions: Sequence[SqliteTransaction], scope: Scope | None) -> list[bool]:
        """Commit those without a conflict as one, in their order; say which those are."""

    def begin(self, traceparent: Callable[[], str | None]) -> SqliteTransaction:
        """Return a new transaction whose events belong to this trace."""

    def commit_gathered(self, scope: Scope) -> None:
        """Commit what a batch keeps back here."""

    def sync(self) -> None:
        """Return when every commit made or seen so far is safe."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A transaction whose work is done but not committed, and how to do it again."""

    tx: SqliteTransaction
    work: Callable[[Transaction], Any]
    result: Any
    traceparent: str | None
    context: Context
    """Whose work it is: what it notes and logs when it is done again belongs to that delivery."""


@dataclass(slots=True)
class Gathered:
    """Transactions kept back, in their order, and what they will leave."""

    kept: list[Kept] = field(default_factory=list)
    weight: int = 0
    left: dict[Slot, tuple[int | None, str | None]] = field(default_factory=dict)
    collections: set[str] = field(default_factory=set)

    def keep(self, kept: Kept) -> None:
        """Add one."""
        self.kept.append(kept)
        self.weight += kept.tx.weight
        left = kept.tx.leaves()
        self.left.update(left)
        self.collections.update(collection for collection, _ in left)


class Gathering:
    """The batches' side of one database."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def found(self, slot: Slot) -> tuple[int | None, str | None] | None:
        """Return the version and body that the present batch will leave there, None if it keeps nothing back there.

        (None, None) if it will be gone.
        """
        gathered = self._present()
        return None if gathered is None else gathered.left.get(slot)

    def show(self, collection: str, keys: Iterable[str] | None = None) -> None:
        """Commit what is kept back, if a read of this collection (of these keys) could miss it."""
        gathered = self._present()
        if gathered is None or collection not in gathered.collections:
            return
        if keys is None or any((collection, key) in gathered.left for key in keys):
            self.show_all()

    def show_all(self) -> None:
        """Commit what the present batch keeps back."""
        scope = current_scope()
        if scope is not None and self._home in scope.gathered:
            self._home.commit_gathered(scope)

    def keep(self, kept: Kept, scope: Scope | None, *, deferrable: bool) -> bool:
        """Keep this back if that may be: what its invocation saw elsewhere is safe then."""
        if scope is None or not scope.gathers or not kept.tx.has_effect():
            return False
        if deferrable:
            scope.committing(self._home)
        elif not kept.tx.is_blind() or not scope.rests_only_on(self._home):
            return False
        gathered: Gathered = scope.gathered.setdefault(self._home, Gathered())
        if gathered.kept and gathered.weight + kept.tx.weight > WRITES_PER_COMMIT:
            self._home.commit_gathered(scope)
            gathered = scope.gathered.setdefault(self._home, Gathered())
        gathered.keep(kept)
        return True

    def commit_with(self, tx: SqliteTransaction, scope: Scope | None) -> bool:
        """Commit a transaction, and in the same commit before it what is kept back; False if it must run again."""
        if scope is not None and tx.has_effect():
            scope.committing(self._home)  # first, for it may commit what is kept back here
        if scope is not None and self._home in scope.gathered:
            gathered: Gathered = scope.gathered[self._home]
            together = [*(kept.tx for kept in gathered.kept), tx]
            fits = tx.has_effect() and gathered.weight + tx.weight <= WRITES_PER_COMMIT
            if fits and self._home.apply_all(together, scope):
                del scope.gathered[self._home]
                return True
            self._home.commit_gathered(scope)
        return self._home.apply_all([tx], scope) if tx.has_effect() else tx.is_consistent()

    def commit(self, scope: Scope) -> None:
        """Commit what is kept back as one; after a conflict, what it concerns once more, one by one.

        Unavailable, and the batch is spoilt, if one of them then fails or comes out differently.
        """
        gathered: Gathered = scope.gathered.pop(self._home)
        transactions = [kept.tx for kept in gathered.kept]
        try:
            if not self._home.apply_all(transactions, scope):
                done = self._home.apply_each(transactions, scope)
                for kept in [kept for kept, well in zip(gathered.kept, done, strict=True) if not well]:
                    kept.context.run(self._again, kept, scope)
        except BaseException as error:
            scope.spoil(error)
            if isinstance(error, Exception):
                raise Unavailable("what the batch kept back could not be committed as it was") from error
            raise

    def _again(self, kept: Kept, scope: Scope) -> None:
        for attempt in range(RERUNS):
            tx = self._home.begin(lambda: kept.traceparent)
            with open_transaction(self._home.service):
                result = kept.work(tx)
            if result != kept.result:
                raise Contention(f"a transaction of {self._home.service} would now come out differently")
            if self._home.apply_all([tx], scope) if tx.has_effect() else tx.is_consistent():
                return
            time.sleep(pause(attempt))
        raise Contention(f"a transaction of {self._home.service} met other writers {1 + RERUNS} times")

    def _present(self) -> Gathered | None:
        scope = current_scope()
        return None if scope is None else scope.gathered.get(self._home)


def pause(attempt: int) -> float:
    """Return how many seconds to wait after a conflict: growing, drawn by chance."""
    return random.random() * min(FIRST_PAUSE * 1.5**attempt, LONGEST_PAUSE)
