"""The databases are made safe first; then, in one commit, all is acknowledged and what was emitted is published."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from shared.events.envelope import Envelope, Event
from shared.manifest import Subscription
from shared.messaging.embedded import Broker, Deliverer, PushResult
from shared.messaging.publisher import Message
from shared.storage.documents import Document
from shared.storage.durability import current_scope
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import utc_now
from tests.shared.messaging.embedded.inbox import Inbox, until
from tests.shared.messaging.embedded.rows import INVOICE, message

Starts = Callable[..., Deliverer]


class Drafted(Event):
    type: ClassVar[str] = "order.held"
    order_id: str


class Draft(Document):
    collection: ClassVar[str] = "drafts"
    key_field: ClassVar[str] = "order_id"
    order_id: str


def test_what_a_handler_emits_is_published_when_its_database_is_safe(
    broker: Broker, start: Starts, tmp_path: Path
) -> None:
    instance = LocalInstance(tmp_path / "instances")
    database = SqliteDatabase(tmp_path / "accounting.db", "accounting", instance)
    inbox = Inbox()

    def push(subscription: Subscription, body: bytes, attributes: dict[str, str]) -> PushResult:
        if subscription == INVOICE:

            def draft(tx: Any) -> None:
                tx.put(Draft(order_id="ord_1"))
                tx.emit(Drafted(order_id="ord_1"), utc_now())

            database.transact(draft)
        return inbox(subscription, body, attributes)

    deliverer = start(broker, push)
    broker.publish([message()])
    inbox.wait(5)
    assert inbox.services[:3] == ["accounting", "notification", "data_warehouse"]
    assert [attributes["ce-type"] for _, _, attributes in inbox.came[3:]] == ["order.held", "order.held"]
    until(lambda: broker.backlog() == 0)
    deliverer.stop()
    assert database.outstanding() == 0
    database.close()
    instance.close()


class Store:
    """A durable store of which the test sees and fails the syncs."""

    def __init__(self, broken: bool = False) -> None:
        self.synced = 0
        self.broken = broken
        self.seen: Callable[[], Any] = lambda: None

    def sync(self) -> None:
        self.seen()
        if self.broken:
            raise OSError("the disk is gone")
        self.synced += 1


def touching(store: Store) -> Callable[..., PushResult]:
    def push(*_: Any) -> PushResult:
        scope = current_scope()
        assert scope is not None
        scope.touched(store)
        return PushResult(204)

    return push


def test_nothing_is_acknowledged_before_the_databases_are_safe(broker: Broker, start: Starts) -> None:
    store, backlogs = Store(), []
    store.seen = lambda: backlogs.append(broker.backlog())
    broker.publish([message()])
    start(broker, touching(store))
    until(lambda: broker.backlog() == 0)
    assert backlogs == [3]  # one sync for the batch, while nothing was acknowledged yet


def test_nothing_is_acknowledged_if_the_databases_cannot_be_made_safe(
    broker: Broker, clock: Any, start: Starts
) -> None:
    broker.publish([message()])
    deliverer = start(broker, touching(Store(broken=True)))
    assert "the disk is gone" in until(lambda: deliverer.failure)
    assert not deliverer.healthy
    assert broker.backlog() == 3
    assert [each.attempt for each in broker.lease(10, clock())] == [1, 1, 1]  # given back, for others to try


def test_events_that_cannot_be_published_keep_their_rows_for_the_relay(broker: Broker, start: Starts) -> None:
    discarded: list[str] = []

    class Rows:
        def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
            return []

        def discard_sent(self, event_ids: Sequence[str]) -> None:
            discarded.extend(event_ids)

    def push(*_: Any) -> PushResult:
        scope = current_scope()
        assert scope is not None
        scope.emitted(Rows(), [Envelope.model_construct(id="evt_1", type="a.b")])
        return PushResult(204)

    def nowhere(events: Sequence[Envelope]) -> list[Message]:
        return [Message("nowhere", b"") for _ in events]

    deliverer = start(broker, push, nowhere)
    broker.publish([message()])
    until(lambda: broker.backlog() == 0)
    assert discarded == []
    assert deliverer.healthy


def test_a_broker_that_cannot_be_made_safe_shows(broker: Broker, start: Starts, monkeypatch: Any) -> None:
    class Rows:
        def unsent_before(self, events: Sequence[Envelope]) -> list[Envelope]:
            return []

        def discard_sent(self, event_ids: Sequence[str]) -> None:
            raise AssertionError("the broker may not have the events")

    def push(*_: Any) -> PushResult:
        scope = current_scope()
        assert scope is not None
        scope.emitted(Rows(), [Envelope.model_construct(id="evt_1", type="order.held")])
        return PushResult(204)

    def fail() -> None:
        raise OSError("the disk is gone")

    broker.publish([message()])
    monkeypatch.setattr(broker, "sync", fail)
    deliverer = start(broker, push, lambda events: [message("order.held") for _ in events])
    assert "the disk is gone" in until(lambda: deliverer.failure)
    until(lambda: not deliverer.healthy)
