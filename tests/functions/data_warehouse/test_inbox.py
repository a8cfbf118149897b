"""Events lie in the inbox until they are loaded; neither a repeat nor a crash loads one twice, and none is lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from functions.data_warehouse import inbox
from functions.data_warehouse.collect_event import collect_event
from functions.data_warehouse.inbox import InboxRow
from functions.data_warehouse.load_events import load_events
from functions.data_warehouse.outstanding import outstanding
from shared.analytics import AnalyticalStore
from shared.errors import Unavailable
from shared.events import Envelope
from shared.storage import Database, Transaction
from tests.functions.accounting import one_order as o


def collect(db: Database, *envelopes: Envelope) -> None:
    def work(tx: Transaction) -> None:
        for envelope in envelopes:
            collect_event(envelope, tx)

    db.transact(work)


def count(store: AnalyticalStore) -> int:
    (row,) = store.query("SELECT COUNT(*) AS events FROM events")
    return int(row["events"])


def test_an_event_waits_in_the_inbox_and_is_loaded(db: Database, store: AnalyticalStore) -> None:
    collect(db, o.told(o.confirmed(), "evt_1"))
    assert outstanding(db) == {"inbox": 1}

    load_events(db, store)
    assert outstanding(db) == {"inbox": 0}
    (row,) = store.query("SELECT id, type, order_id, JSON_VALUE(data, '$.order.total.amount') AS total FROM events")
    assert row == {"id": "evt_1", "type": "order.confirmed", "order_id": o.ORDER, "total": "607.52"}


def test_an_event_that_comes_again_is_one_row_before_and_after_its_load(db: Database, store: AnalyticalStore) -> None:
    for _ in range(2):
        collect(db, o.told(o.confirmed(), "evt_1"))
    assert outstanding(db) == {"inbox": 1}
    load_events(db, store)

    collect(db, o.told(o.confirmed(), "evt_1"))
    load_events(db, store)
    assert outstanding(db) == {"inbox": 0}
    assert count(store) == 1


def test_a_type_that_nobody_knows_is_kept(db: Database, store: AnalyticalStore, now: datetime) -> None:
    unknown = Envelope(id="evt_9", type="robot.waved", source="/robot", subject="r2", time=now, dataschema="x", data={})
    collect(db, unknown)
    load_events(db, store)

    assert store.query("SELECT type, subject FROM events") == [{"type": "robot.waved", "subject": "r2"}]


def test_everything_is_loaded_in_batches(db: Database, store: AnalyticalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "AT_ONCE", 100)
    event = o.mugs_received()
    for start in range(0, 450, 90):
        collect(db, *(o.told(event, f"evt_{number:04d}") for number in range(start, start + 90)))
    load_events(db, store)

    assert count(store) == 450
    assert db.query(InboxRow).items == []


def test_a_store_that_does_not_answer_loses_nothing(db: Database, store: AnalyticalStore) -> None:
    class Silent(type(store)):  # type: ignore[misc]
        def __init__(self) -> None: ...

        def load(self, events: Sequence[Envelope]) -> int:
            raise Unavailable("no process owns the analytical store at present")

    collect(db, o.told(o.confirmed(), "evt_1"))
    with pytest.raises(Unavailable):
        load_events(db, Silent())

    assert outstanding(db) == {"inbox": 1}
    load_events(db, store)
    assert count(store) == 1


def test_a_crash_between_load_and_removal_repeats_harmlessly(db: Database, store: AnalyticalStore) -> None:
    envelope = o.told(o.confirmed(), "evt_1")
    collect(db, envelope)
    store.load([envelope])

    load_events(db, store)
    assert outstanding(db) == {"inbox": 0}
    assert count(store) == 1


def test_a_run_ends_when_its_time_is_up(db: Database, store: AnalyticalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "AT_ONCE", 1)
    collect(db, *(o.told(o.confirmed(), f"evt_{number}", number) for number in range(3)))

    assert inbox.drain(db, store, seconds=0) == 1
    assert outstanding(db) == {"inbox": 2}
    assert inbox.drain(db, store, seconds=timedelta(minutes=1).total_seconds()) == 2
