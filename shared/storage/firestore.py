"""The Database port on a named Firestore database: the cloud's adapter, and Google's emulator's.

A transaction reads outside of any lock, decides, and writes one batch whose preconditions are the update times of what
it read; on a conflict it runs again after a pause with jitter. Firestore's own transactions would hold locks while our
code runs. Commits are durable at once.
"""

import logging
import random
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from itertools import product
from typing import Any, TypeVar

from shared.errors import Contention, Unavailable
from shared.events.envelope import Envelope
from shared.storage.database import WRITES_PER_COMMIT, Transaction
from shared.storage.documents import Document, Page, Totals, is_key
from shared.storage.durability import Scope, current_scope
from shared.storage.firestore_documents import conditional
from shared.storage.firestore_indexes import BODY
from shared.storage.firestore_outbox import FirestoreOutbox
from shared.storage.firestore_queries import Asked, count_of, expired, sum_of
from shared.storage.firestore_transaction import FirestoreTransaction
from shared.storage.firestore_wire import Conflict, FirestoreWire, OutcomeUnknown, Write
from shared.storage.guard import open_transaction
from shared.storage.instances import Instance
from shared.storage.queries import Cursor, cursor_after, known_field, query_of, summing
from shared.storage.sequences import SequenceOf, no_sequence
from shared.values.clock import utc_now

D = TypeVar("D", bound=Document)
R = TypeVar("R")

log = logging.getLogger(__name__)

RERUNS = 25
FIRST_PAUSE, LONGEST_PAUSE = 0.015, 0.4  # seconds
GROWTH = 2.0  # slower growth leaves 16 writers of one document in each other's way
_PAGE = 500


class FirestoreDatabase:
    """One service's named database, as one process uses it. Open it after forking, close it.

    With `keeps_running` False (Cloud Run gives no CPU after the answer) sent outbox rows are deleted at once; otherwise
    with the next commit, or by `flush`.
    """

    def __init__(
        self,
        wire: FirestoreWire,
        service: str,
        instance: Instance,
        traceparent: Callable[[], str | None] = lambda: None,
        clock: Callable[[], datetime] = utc_now,
        sequence_of: SequenceOf = no_sequence,
        *,
        keeps_running: bool = True,
    ) -> None:
        self.service = service
        self.wire = wire
        self._traceparent = traceparent
        self._keeps_running = keeps_running
        self._outbox = FirestoreOutbox(wire, instance, clock, sequence_of)

    def transact(self, work: Callable[[Transaction], R], *, deferrable: bool = False) -> R:
        """Run work optimistically and commit; on a conflict again, up to 25 times, then Contention.

        What work raises is raised and nothing is written; if it rests on reads of different moments, work runs again.
        Unavailable if the commit's answer was lost and nothing tells what became of it.
        """
        for attempt in range(1 + RERUNS):
            tx = FirestoreTransaction(self, f"/{self.service}", self._traceparent)
            try:
                with open_transaction(self.service):
                    result = work(tx)
            except Unavailable:
                raise
            except Exception:
                if tx.is_consistent():
                    raise
            else:
                if self._commit(tx, current_scope()):
                    return result
            time.sleep(random.random() * min(FIRST_PAUSE * GROWTH**attempt, LONGEST_PAUSE))
        raise Contention(f"a transaction of {self.service} met other writers {1 + RERUNS} times")

    def get(self, kind: type[D], key: str) -> D | None:
        """Return the document under this key, or None."""
        return self.get_many(kind, (key,))[0]

    def get_many(self, kind: type[D], keys: Sequence[str]) -> list[D | None]:
        """Return the documents under these keys, all of one moment, in the order asked; None for what is missing."""
        names = [self.wire.name(kind.collection, key) if is_key(key) else "" for key in keys]
        found = self.wire.documents(dict.fromkeys(name for name in names if name), (BODY,))
        return [kind.load(_body(found[name])) if name in found else None for name in names]

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
        """Find documents by a declared index, by default in the order of their keys; a null in `order_by` is left out.

        UndeclaredIndex without an index, Invalid for a cursor that is none of this list. Bounds are inclusive.
        """
        if limit < 1:
            raise ValueError("a page holds at least one document")
        asked = Asked(kind, query_of(equals, order_by, since, until, descending), self.wire.root)
        by_key = order_by is None or order_by == kind.key_field
        found = self.wire.run(asked.page(Cursor.read(cursor, ordered=not by_key), limit + 1))
        items = [kind.load(_body(each)) for each in found[:limit]]
        if len(found) <= limit:
            return Page(items)
        last = found[limit - 1]
        return Page(items, cursor_after(last.name.rpartition("/")[2], _body(last), None if by_key else order_by))

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
        """Count matching documents and sum fields; TypeError if a field holds anything but whole numbers (or null).

        Sums that the index names are added up by Firestore; others are read document by document.
        """
        for field in sums:
            known_field(kind, field, ValueError)
        index = summing(kind, equals, order_by, sums) if sums else None
        if sums and index is None:
            return self._added_up(kind, sums, order_by=order_by, since=since, until=until, **equals)
        named = sorted(index.sums) if index else []
        query = query_of(equals, order_by, since, until)
        totals = self.wire.aggregate(Asked(kind, query, self.wire.root).totals(named))
        return Totals(count_of(totals), {field: sum_of(totals, named.index(field)) for field in sums})

    def purge(self, kind: type[Document], now: datetime, limit: int = 400) -> int:
        """Remove up to `limit` (at most 500) documents whose `ttl_field` lies before now; returns how many.

        One that was changed meanwhile lets the whole batch wait for the next purge. ValueError without a `ttl_field`.
        """
        if kind.ttl_field is None:
            raise ValueError(f"{kind.__name__} has no ttl_field")
        with open_transaction(self.service):
            found = self.wire.run(expired(kind.collection, now, min(limit, WRITES_PER_COMMIT)))
            try:
                if found:
                    self.wire.commit([conditional(Write(delete=each.name), each.update_time) for each in found])
            except (Conflict, OutcomeUnknown):
                return 0
        return len(found)

    def unsent(self, limit: int = 100) -> list[Envelope]:
        """Return events, oldest first, that their process didn't publish: it is gone, or it left them for 30 s."""
        return self._outbox.unsent(limit)

    def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
        """Return, in the order of commits, unsent events of the sequences of these."""
        return self._outbox.unsent_before(events)

    def discard_sent(self, event_ids: Sequence[str]) -> None:
        """Forget outbox rows that the broker has, now or with the next commit of this process."""
        self._outbox.discard(event_ids)
        if not self._keeps_running:
            self.flush()

    def flush(self) -> None:
        """Delete discarded outbox rows now; a failure leaves them to the next commit."""
        try:
            self._outbox.flush()
        except (Conflict, OutcomeUnknown, Unavailable):
            return

    def outstanding(self) -> int:
        """Count outbox rows that this process doesn't know to be published."""
        return self._outbox.outstanding()

    def sync(self) -> None:
        """Return at once: Firestore answers a commit when it is durable."""

    def close(self) -> None:
        """Give back the channel; what was discarded is deleted first."""
        self.flush()
        self.wire.close()

    def _commit(self, tx: FirestoreTransaction, scope: Scope | None) -> bool:
        if not tx.has_effect():
            return tx.is_consistent()
        if scope is not None:
            scope.committing(self)
        mark = secrets.token_hex(8)
        sent = self._outbox.discarded(WRITES_PER_COMMIT - tx.weight)
        batch = [*tx.writes(mark), *self._outbox.inserts(tx.events), *self._outbox.deletes(sent)]
        if not self._written(tx, batch, mark):
            return False
        if sent:
            self._outbox.deleted(sent)
        if tx.events and scope is not None:
            scope.emitted(self, tx.events)
        return True

    def _written(self, tx: FirestoreTransaction, batch: Sequence[Any], mark: str) -> bool:
        """Commit once; False if another came first. A lost answer is made good by reading what became of the commit."""
        try:
            self.wire.commit(batch)
        except Conflict:
            return False
        except OutcomeUnknown as lost:
            happened = True if tx.events and self._outbox.there(tx.events) else tx.happened(mark)
            if happened is None:
                raise Unavailable("the database did not say whether it committed") from lost
            return happened
        return True

    def _added_up(self, kind: type[Document], sums: Sequence[str], **asked: Any) -> Totals:
        _say_that_it_reads_all(kind, tuple(sums))
        count, totals, cursor = 0, dict.fromkeys(sums, 0), None
        while True:
            page = self.query(kind, cursor=cursor, limit=_PAGE, **asked)
            count += len(page.items)
            for document, field in product(page.items, sums):
                value = getattr(document, field)
                if not isinstance(value, int | None):
                    raise TypeError(f"{kind.__name__}: {', '.join(sums)} must be whole numbers")
                totals[field] += value or 0
            cursor = page.next_cursor
            if cursor is None:
                return Totals(count, totals)


@cache
def _say_that_it_reads_all(kind: type[Document], sums: tuple[str, ...]) -> None:
    log.warning("%s: no index names the sums of %s; every document is read for them", kind.__name__, ", ".join(sums))


def _body(found: Any) -> str:
    return str(found.fields[BODY].string_value)
