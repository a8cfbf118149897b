"""Ordering keys in the outbox: an event goes after all earlier unsent ones of its sequence (PROMISES 5)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.events.envelope import Envelope
from shared.storage.database import Database
from shared.storage.durability import Publish, scope
from tests.contracts.database.kinds import (
    NOW,
    DatabaseRoom,
    OpenDatabase,
    OrderPlaced,
    ParcelMoved,
    in_another_thread,
    increment,
)


def move(database: Database, *moves: str) -> None:
    """Commit events one by one: `p1 Rome` moves parcel p1 to Rome."""
    for each in moves:
        parcel_id, to = each.split()
        database.transact(lambda tx, p=parcel_id, t=to: tx.emit(ParcelMoved(parcel_id=p, to=t), NOW))  # type: ignore[misc]


def told(events: Sequence[Envelope]) -> list[str]:
    return [f"{event.subject} {event.data['to']}" if "to" in event.data else event.subject for event in events]


class Broker:
    """Keeps what is published, unless it is down or the event is one that it refuses."""

    def __init__(self, refuses: str = "") -> None:
        self.has: list[str] = []
        self.refuses = refuses
        self.is_down = False

    def publish(self, events: Sequence[Envelope]) -> None:
        if self.is_down or self.refuses in told(events):
            raise ConnectionError("not now")
        self.has += told(events)


def published(database: Database, publish: Publish, *moves: str) -> None:
    with scope(publish):
        move(database, *moves)


class Ordering(DatabaseRoom):
    def test_a_failed_publish_is_made_good_before_the_next_of_its_key(self, database: Database) -> None:
        broker = Broker()
        broker.is_down = True
        published(database, broker.publish, "p1 Rome")
        published(database, broker.publish, "p1 Oslo")
        broker.is_down = False
        published(database, broker.publish, "p1 Bern")
        assert broker.has == ["p1 Rome", "p1 Oslo", "p1 Bern"]
        assert database.outstanding() == 0

    def test_what_another_process_left_goes_first(self, database: Database, open_database: OpenDatabase) -> None:
        move(open_database(), "p1 Rome", "p1 Oslo")
        broker = Broker()
        published(database, broker.publish, "p1 Bern")
        assert broker.has == ["p1 Rome", "p1 Oslo", "p1 Bern"]
        assert database.outstanding() == 0

    def test_other_keys_and_events_without_one_are_left_alone(self, database: Database) -> None:
        move(database, "p2 Rome")
        database.transact(lambda tx: tx.emit(OrderPlaced(order_id="p1"), NOW))
        broker = Broker()
        published(database, broker.publish, "p1 Bern")
        with scope(broker.publish):
            database.transact(lambda tx: tx.emit(OrderPlaced(order_id="p2"), NOW))
        assert broker.has == ["p1 Bern", "p2"]
        assert database.outstanding() == 2

    def test_what_comes_later_does_not_go_first(self, database: Database, open_database: OpenDatabase) -> None:
        other, broker = open_database(), Broker()
        with scope(broker.publish):
            move(database, "p1 Rome")
            in_another_thread(lambda: move(other, "p1 Oslo"))
        assert broker.has == ["p1 Rome"]

    def test_commits_of_one_work_stay_in_order_with_one_that_came_between(
        self, database: Database, open_database: OpenDatabase
    ) -> None:
        other, broker = open_database(), Broker()
        with scope(broker.publish):
            move(database, "p1 Rome")
            in_another_thread(lambda: move(other, "p1 Oslo"))
            move(database, "p1 Bern")
        assert broker.has == ["p1 Rome", "p1 Oslo", "p1 Bern"]

    def test_several_events_of_one_commit_are_published_once_each(self, database: Database) -> None:
        broker = Broker()
        with scope(broker.publish):
            database.transact(lambda tx: [tx.emit(ParcelMoved(parcel_id="p1", to=to), NOW) for to in ("Rome", "Oslo")])
        assert broker.has == ["p1 Rome", "p1 Oslo"]

    def test_what_this_process_has_sent_does_not_go_again(self, database: Database) -> None:
        broker = Broker()
        published(database, broker.publish, "p1 Rome")
        published(database, broker.publish, "p1 Oslo")
        assert broker.has == ["p1 Rome", "p1 Oslo"]

    def test_after_one_that_cannot_be_published_the_next_waits_for_the_relay(
        self, database: Database, open_database: OpenDatabase, caplog: pytest.LogCaptureFixture
    ) -> None:
        broker = Broker(refuses="p1 Rome")
        for each in ("p1 Rome", "p1 Oslo", "p2 Rome"):
            published(database, broker.publish, each)
        assert broker.has == ["p2 Rome"]
        assert "publish failed" in caplog.text
        increment(database, "a")
        relay = open_database(clock=lambda: NOW + timedelta(days=9999))
        assert told(relay.unsent()) == ["p1 Rome", "p1 Oslo"]

    def test_the_relay_takes_along_what_its_owner_may_still_send(self, open_database: OpenDatabase) -> None:
        living = open_database(clock=lambda: NOW + timedelta(seconds=20))
        move(living, "p1 Rome", "p2 Rome", "p1 Oslo")
        move(open_database(clock=lambda: NOW), "p1 Bern")
        relay = open_database(clock=lambda: NOW + timedelta(seconds=31))
        assert told(relay.unsent(limit=1)) == ["p1 Rome", "p1 Oslo", "p1 Bern"]
