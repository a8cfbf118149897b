"""Events and their outbox: committed with the documents, published after, kept until they are."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.events.envelope import Envelope
from shared.storage.database import Database, Transaction
from shared.storage.durability import Scope, scope
from tests.contracts.database.kinds import (
    NOW,
    Counter,
    DatabaseRoom,
    OpenDatabase,
    OrderPlaced,
    in_another_thread,
    increment,
)


class Events(DatabaseRoom):
    def test_events_commit_with_the_documents(self, database: Database, open_database: OpenDatabase) -> None:
        def work(tx: Transaction) -> str:
            tx.put(Counter(name="a"))
            return tx.emit(OrderPlaced(order_id="ord_1"), NOW)

        event_id = database.transact(work)
        assert database.outstanding() == 1
        [event] = open_database(clock=lambda: datetime.now(UTC) + timedelta(seconds=31)).unsent()
        assert event.id == event_id
        assert event_id.startswith("evt_")
        assert event.model_dump(mode="json", exclude={"id"}, exclude_none=True) == {
            "specversion": "1.0",
            "type": "order.placed",
            "source": "/inventory",
            "subject": "ord_1",
            "time": "2026-03-01T12:00:00.000000Z",
            "datacontenttype": "application/json",
            "dataschema": "https://schemas.online-boutique.example/order.placed/v1",
            "data": {"order_id": "ord_1", "total": {"currency": "USD", "amount": "19.99"}},
        }

    def test_a_rerun_emits_once(self, database: Database) -> None:
        runs: list[int] = []

        def work(tx: Transaction) -> None:
            tx.get(Counter, "a")
            tx.emit(OrderPlaced(order_id="ord_1"), NOW)
            runs.append(1)
            if len(runs) == 1:
                in_another_thread(lambda: increment(database, "a"))
            tx.put(Counter(name="a"))

        database.transact(work)
        assert len(runs) == 2
        assert database.outstanding() == 1

    def test_a_scope_publishes_after_the_commit_and_forgets_what_was_sent(self, database: Database) -> None:
        published: list[Envelope] = []
        with scope(published.extend):
            event_id = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW))
            assert published == []
            assert database.outstanding() == 1
        assert [event.id for event in published] == [event_id]
        assert database.outstanding() == 0

    def test_what_could_not_be_published_stays(self, database: Database, caplog: pytest.LogCaptureFixture) -> None:
        def broker_is_down(events: object) -> None:
            raise ConnectionError

        with scope(broker_is_down):
            database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW))
        assert database.outstanding() == 1
        assert "publish failed" in caplog.text

    def test_the_relay_leaves_a_living_process_30_seconds(self, open_database: OpenDatabase) -> None:
        now = [NOW]
        database, relay = open_database(clock=lambda: now[0]), open_database(clock=lambda: now[0])
        first = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW - timedelta(days=9)))
        now[0] += timedelta(seconds=1)
        second = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_2"), NOW - timedelta(days=9)))
        assert database.unsent() == []
        now[0] = NOW + timedelta(seconds=30, milliseconds=1)
        assert [event.id for event in database.unsent()] == [first]
        now[0] += timedelta(seconds=1)
        assert [event.id for event in relay.unsent()] == [first, second]
        assert [event.id for event in relay.unsent(limit=1)] == [first]
        relay.discard_sent([first])
        assert [event.id for event in relay.unsent()] == [second]
        assert relay.outstanding() == 1

    def test_what_was_sent_is_gone_for_everyone_after_the_next_commit(
        self, database: Database, open_database: OpenDatabase
    ) -> None:
        event_id = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW))
        database.discard_sent([event_id])
        assert database.outstanding() == 0
        increment(database, "a")
        assert open_database().outstanding() == 0

    def test_work_makes_safe_what_it_saw_elsewhere_before_it_commits_here(self, database: Database) -> None:
        class Elsewhere:
            synced = 0

            def sync(self) -> None:
                assert database.get(Counter, "a") is None
                self.synced += 1

        elsewhere = Elsewhere()

        def with_cause(present: Scope) -> None:
            present.touched(elsewhere)
            increment(database, "a")
            assert elsewhere.synced == 1

        with scope(lambda events: None) as present:
            with_cause(present)
        assert elsewhere.synced == 1
