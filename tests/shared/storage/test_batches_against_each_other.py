"""Batches of two workers over the same few documents: whatever was acknowledged happened once, as if in some order."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage import Document, Transaction
from shared.storage.durability import Scope, leaving, scope
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import utc_now
from tests.shared.storage.test_gathering import SCORED

KEYS = ("a", "b", "c")
SHOPS = ("inventory", "warehouse")


class Counted(Document):
    collection = "counted"
    key_field = "name"

    name: str
    applied: tuple[int, ...] = ()


class Handled(Document):
    collection = "handled"
    key_field = "name"

    name: str
    event_id: str


class Seen(Document):
    """Written blind."""

    collection = "seen"
    key_field = "name"

    name: str


@dataclass(frozen=True)
class Step:
    """One delivery: what it appends its number to, and how."""

    shop: str
    keys: tuple[str, ...]
    deferrable: bool
    reads_elsewhere: bool
    blind: bool
    sends: bool
    creates: bool
    tells: bool


steps = st.builds(
    Step,
    shop=st.sampled_from(SHOPS),
    keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=2, unique=True).map(tuple),
    deferrable=st.booleans(),
    reads_elsewhere=st.booleans(),
    blind=st.booleans(),
    sends=st.booleans(),
    creates=st.booleans(),
    tells=st.booleans(),
)
work = st.lists(st.lists(steps, min_size=1, max_size=6), min_size=1, max_size=4)


class Worker:
    """Delivers batches; what is not settled comes again, with nothing kept back the next time."""

    def __init__(self, folder: Path, name: str, first: int, batches: list[list[Step]], seed: int) -> None:
        self.instance = LocalInstance(folder / "instances" / name)
        self.databases = {shop: SqliteDatabase(folder / f"{shop}.db", shop, self.instance) for shop in SHOPS}
        self.published: list[Envelope] = []
        self.failure: BaseException | None = None
        self.spoilt = 0
        self._random = random.Random(seed)
        self.numbered: list[list[tuple[int, Step]]] = []
        for batch in batches:
            self.numbered.append(list(enumerate(batch, start=first)))
            first += len(batch)

    def run(self) -> None:
        try:
            for batch in self.numbered:
                self._until_settled(batch)
        except BaseException as error:
            self.failure = error

    def close(self) -> None:
        for database in self.databases.values():
            database.close()
        self.instance.close()

    def _until_settled(self, batch: list[tuple[int, Step]]) -> None:
        gathers = True
        for _ in range(20):
            try:
                with scope(self.published.extend, gathers=gathers) as present:
                    for number, step in batch:
                        self._deliver(number, step, present)
                        present.next_invocation()
            except Unavailable:
                self.spoilt += 1
                gathers = False
            else:
                return
        raise AssertionError("a batch never settled")

    def _deliver(self, number: int, step: Step, present: Scope) -> None:
        database = self.databases[step.shop]
        if step.reads_elsewhere:
            other = self.databases[SHOPS[1 - SHOPS.index(step.shop)]]
            for each in (database, other):
                each.get(Counted, "never written")
        time.sleep(self._random.random() * 0.002)
        if step.blind:
            database.transact(lambda tx: tx.put(Seen(name=str(number))))
        database.transact(self._appending(number, step), deferrable=step.deferrable)
        if step.sends:
            leaving()
            self._must_be_committed(number, step)

    @staticmethod
    def _appending(number: int, step: Step) -> Callable[[Transaction], int]:
        def append(tx: Transaction) -> int:
            if tx.get(Handled, str(number)) is not None:
                return 0
            before = 0
            for key in step.keys:
                known = tx.get(Counted, key)
                before += len(known.applied) if known else 0
                if known is not None and step.creates and len(known.applied) > 3:
                    tx.delete(known)  # what it held goes where nothing is lost
                    tx.create(Counted(name=f"{key}.{number}", applied=(*known.applied, number)))
                else:
                    tx.put(Counted(name=key, applied=(*(known.applied if known else ()), number)))
            event_id = tx.emit(SCORED, utc_now())
            tx.put(Handled(name=str(number), event_id=event_id))
            return before if step.tells else 0

        return append

    def _must_be_committed(self, number: int, step: Step) -> None:
        """An effect leaves now: another connection must find its cause."""
        database = self.databases[step.shop]
        assert database.file.read(database.table(Handled).get, (str(number),)), f"{number} is only kept back"


def held(database: SqliteDatabase) -> tuple[Counter[tuple[str, int]], set[str], set[str]]:
    """How often each number lies under each key; the ids of events that should exist, and those in the outbox."""
    found: Counter[tuple[str, int]] = Counter()
    for document in database.query(Counted, limit=500).items:
        found.update((document.name.split(".")[0], number) for number in document.applied)
    events = {document.event_id for document in database.query(Handled, limit=500).items}
    rows: Any = database.file.read("SELECT id FROM outbox")
    return found, events, {event_id for (event_id,) in rows}


@settings(max_examples=40, deadline=None)
@given(work, work, st.integers(0, 1000))
def test_what_was_acknowledged_was_applied_once_and_its_event_is_there_once(
    ones: list[list[Step]], others: list[list[Step]], seed: int
):
    with TemporaryDirectory() as folder:
        workers = [
            Worker(Path(folder), "one", 0, ones, seed),
            Worker(Path(folder), "other", 1000, others, seed + 1),
        ]
        threads = [threading.Thread(target=worker.run) for worker in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        try:
            for worker in workers:
                if worker.failure is not None:
                    raise worker.failure
            numbered = [pair for worker in workers for batch in worker.numbered for pair in batch]
            published = Counter(event.id for worker in workers for event in worker.published)
            for shop in SHOPS:
                found, events, waiting = held(workers[0].databases[shop])
                asked = [(number, step) for number, step in numbered if step.shop == shop]
                assert found == Counter((key, number) for number, step in asked for key in step.keys)
                assert len(events) == len(asked)
                assert events <= published.keys() | waiting, "an event is neither published nor left to the relay"
            assert not published or max(published.values()) == 1
            assert len(published.keys()) <= len(numbered), "an event of work that did not count was published"
        finally:
            for worker in workers:
                worker.close()
