"""The outbox in Firestore: one document an event, in the commit of its cause, until the broker has it.

The order of commits is the order of their create times, and within one commit of `position`.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from shared.events.envelope import Envelope
from shared.storage.documents import OUTBOX
from shared.storage.firestore_documents import NAME, conditional, value_of, written
from shared.storage.firestore_indexes import BODY
from shared.storage.firestore_queries import ASCENDING, start_after
from shared.storage.firestore_wire import Aggregation, FirestoreWire, Query, Value, Write
from shared.storage.instances import Instance
from shared.storage.sequences import LEFT_FOR_LONG, SequenceOf
from shared.values.clock import rfc3339

AT, OWNER, SEQUENCE, POSITION = "at", "owner", "sequence", "position"
_DELETED_AT_ONCE = 400
_PAGE = 300


class FirestoreOutbox:
    """The outbox rows of one database, as one process sees them."""

    def __init__(
        self, wire: FirestoreWire, instance: Instance, clock: Callable[[], datetime], sequence_of: SequenceOf
    ) -> None:
        self._wire = wire
        self._instance = instance
        self._clock = clock
        self._sequence_of = sequence_of
        self._lock = threading.Lock()
        self._discarded: set[str] = set()

    def inserts(self, events: Sequence[Envelope]) -> list[Any]:
        """Return the writes of these events' rows: this process owns them, from now."""
        now = rfc3339(self._clock())
        return [self._insert(event, position, now) for position, event in enumerate(events)]

    def deletes(self, event_ids: Iterable[str]) -> list[Any]:
        """Return the writes that remove rows."""
        return [Write(delete=self._wire.name(OUTBOX, event_id)) for event_id in event_ids]

    def there(self, events: Sequence[Envelope]) -> bool:
        """Say whether the row of any of these is there."""
        return bool(self._wire.documents([self._wire.name(OUTBOX, event.id) for event in events], ()))

    def discard(self, event_ids: Sequence[str]) -> None:
        """Remember rows that the broker has; the next commit or `flush` deletes them."""
        with self._lock:
            self._discarded.update(event_ids)

    def discarded(self, limit: int = _DELETED_AT_ONCE) -> list[str]:
        """Return ids that wait for their deletion."""
        if not self._discarded or limit < 1:
            return []
        with self._lock:
            return list(self._discarded)[:limit]

    def deleted(self, event_ids: Sequence[str]) -> None:
        """Stop remembering rows whose deletion is committed."""
        with self._lock:
            self._discarded.difference_update(event_ids)

    def flush(self) -> None:
        """Delete what waits for its deletion, if anything."""
        while event_ids := self.discarded():
            self._wire.commit(self.deletes(event_ids))
            self.deleted(event_ids)

    def unsent(self, limit: int) -> list[Envelope]:
        """Return, oldest first, events whose owner is gone or that lie for more than 30 s, and that we didn't send.

        Earlier ones of their sequences come along, also those that their owner may still send itself.
        """
        now, taken = self._clock(), dict[str, Any]()
        for row in self._by_age():
            if len(taken) >= limit:
                break
            if self._is_left(row, now) and _id(row) not in self._discarded:
                taken |= {_id(each): each for each in self._up_to(row) if _id(each) not in self._discarded}
        return _in_order(taken.values())

    def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
        """Return, oldest first, earlier events of the sequences of these that we don't know to be published."""
        own, earlier = {event.id for event in events}, list[Any]()
        for sequence in sorted({self._sequence_of(event) for event in events} - {""}):
            rows = self._of_sequence(sequence)
            here = max((_place(row) for row in rows if _id(row) in own), default=None)
            if here is not None:
                earlier += [row for row in rows if _place(row) < here and _id(row) not in own | self._discarded]
        return _in_order(earlier)

    def outstanding(self) -> int:
        """Count rows that we don't know to be published."""
        counting = Aggregation(structured_query=_rows())
        counting.aggregations.add(alias="count").count.SetInParent()
        waiting = self._wire.documents([self._wire.name(OUTBOX, each) for each in self.discarded(10_000)], ())
        return int(self._wire.aggregate(counting)["count"].integer_value) - len(waiting)

    def _insert(self, event: Envelope, position: int, now: str) -> Any:
        row = {
            BODY: event.model_dump_json(),
            OWNER: self._instance.id,
            AT: now,
            SEQUENCE: self._sequence_of(event),
            POSITION: position,
        }
        fields = {field: value_of(value) for field, value in row.items()}
        return conditional(written(self._wire.name(OUTBOX, event.id), fields), None)

    def _by_age(self) -> Iterable[Any]:
        """Return every row, the one that lies longest first, page by page."""
        query = _rows()
        for field in (AT, NAME):
            query.order_by.add(field={"field_path": field}, direction=ASCENDING)
        query.limit.value = _PAGE
        while page := self._wire.run(query):
            yield from page
            last = page[-1]
            start_after(query, [last.fields[AT], Value(reference_value=last.name)])

    def _up_to(self, row: Any) -> list[Any]:
        """Return a row and the earlier ones of its sequence."""
        sequence = _text(row, SEQUENCE)
        if not sequence:
            return [row]
        return [each for each in self._of_sequence(sequence) if _place(each) <= _place(row)]

    def _of_sequence(self, sequence: str) -> list[Any]:
        query = _rows()
        condition = query.where.field_filter
        condition.field.field_path = SEQUENCE
        condition.op = type(condition).EQUAL
        condition.value.CopyFrom(value_of(sequence))
        return self._wire.run(query)

    def _is_left(self, row: Any, now: datetime) -> bool:
        at = datetime.fromisoformat(_text(row, AT))
        return now - at > LEFT_FOR_LONG or self._instance.is_gone(_text(row, OWNER), at, now)


def _rows() -> Any:
    query = Query()
    query.from_.add(collection_id=OUTBOX)
    return query


def _id(row: Any) -> str:
    return str(row.name.rpartition("/")[2])


def _text(row: Any, field: str) -> str:
    return str(row.fields[field].string_value)


def _place(row: Any) -> tuple[int, int]:
    """Return where a row stands in the order of commits."""
    return row.create_time.ToNanoseconds(), row.fields[POSITION].integer_value


def _in_order(rows: Iterable[Any]) -> list[Envelope]:
    return [Envelope.model_validate_json(_text(row, BODY)) for row in sorted(rows, key=_place)]
