"""The deliverer: pushes, acknowledges after the databases are safe, publishes what was emitted in the same commit."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import pytest

from shared.errors import Unavailable
from shared.events.envelope import Envelope, Event
from shared.manifest import Subscription, TopicRow, Topics
from shared.messaging.embedded import Broker, Deliverer, PushResult, batches
from shared.messaging.embedded.wakeups import send
from shared.messaging.publisher import Message, messages_of
from shared.storage.documents import Document
from shared.storage.durability import current_scope
from shared.storage.instances import LocalInstance
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import utc_now
from tests.shared.messaging.embedded.rows import COLLECT, INVOICE, NOTIFY, message

Starts = Callable[..., Deliverer]


class Drafted(Event):
    type: ClassVar[str] = "order.held"
    order_id: str


class Draft(Document):
    collection: ClassVar[str] = "drafts"
    key_field: ClassVar[str] = "order_id"
    order_id: str


class Inbox:
    """Takes pushes and answers each service with its status; `wait` until so many came."""

    def __init__(self, **statuses: int) -> None:
        self.statuses = statuses
        self.came: list[tuple[str, bytes, dict[str, str]]] = []
        self._changed = threading.Condition()

    def __call__(self, subscription: Subscription, body: bytes, attributes: dict[str, str]) -> PushResult:
        with self._changed:
            self.came.append((subscription.service, body, attributes))
            self._changed.notify_all()
        return PushResult(self.statuses.get(subscription.service, 204), "says why")

    def wait(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.came) >= count, 5), self.came

    @property
    def services(self) -> list[str]:
        return [service for service, _, _ in self.came]


to_order_events = messages_of(Topics(topics={"order-events": TopicRow(about="All.", aggregates=("order",))}))


@pytest.fixture
def start() -> Iterator[Starts]:
    started: list[Deliverer] = []

    def start_one(broker: Broker, push: Any, messages: Any = to_order_events, **more: Any) -> Deliverer:
        started.append(Deliverer(broker, push, messages, **more))
        started[-1].start()
        return started[-1]

    yield start_one
    for each in started:
        each.stop()


def until(condition: Callable[[], Any]) -> Any:
    ends = time.monotonic() + 5
    while not (found := condition()):
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.002)
    return found


def test_a_publish_is_pushed_at_once_to_all_who_want_it(broker: Broker, start: Starts) -> None:
    inbox = Inbox()
    start(broker, inbox)
    time.sleep(0.05)
    began = time.monotonic()
    [number] = broker.publish([message(data=b"{}", traceparent="00-1")])
    inbox.wait(3)
    assert time.monotonic() - began < 0.5  # the sweep comes after one second
    assert inbox.services == ["accounting", "notification", "data_warehouse"]
    _, body, attributes = inbox.came[0]
    assert b'"deliveryAttempt":1' in body
    assert f'"messageId":"{number}"'.encode() in body
    assert attributes == {"ce-type": "order.confirmed", "traceparent": "00-1"}
    until(lambda: broker.backlog() == 0)


@pytest.mark.parametrize("status", [102, 200, 201, 202, 204])
def test_these_statuses_acknowledge(open_broker: Callable[..., Broker], start: Starts, status: int) -> None:
    broker = open_broker(rows=[INVOICE])
    start(broker, Inbox(accounting=status))
    broker.publish([message()])
    until(lambda: broker.backlog() == 0)


@pytest.mark.parametrize("status", [203, 302, 400, 404, 500, 503])
def test_any_other_status_asks_for_another_attempt(
    open_broker: Callable[..., Broker], clock: Any, start: Starts, status: int
) -> None:
    broker = open_broker(rows=[INVOICE])
    start(broker, Inbox(accounting=status))
    broker.publish([message()])
    until(lambda: broker.subscriptions_report(clock())[0]["retried"] == 1)
    assert broker.backlog() == 1


def test_a_push_that_raises_failed_and_says_with_what(
    open_broker: Callable[..., Broker], clock: Any, start: Starts
) -> None:
    broker = open_broker(rows=[INVOICE])

    def push(*_: Any) -> PushResult:
        raise ValueError("no such thing")

    deliverer = start(broker, push)
    broker.publish([message()])
    for retried in (1, 2, 3, 4):
        until(lambda retried=retried: broker.subscriptions_report(clock())[0]["retried"] == retried)
        clock.advance(seconds=10)
        send(broker.wake_folder, ())
    [letter] = until(broker.dead_letters)
    assert letter["error_detail"] == "500 ValueError: no such thing"
    assert deliverer.healthy


def test_a_retry_is_pushed_when_it_is_due_without_a_publish(open_broker: Callable[..., Broker], start: Starts) -> None:
    quick = INVOICE.model_copy(update={"retry": INVOICE.retry.model_copy(update={"min_backoff_s": 0.1})})
    broker = open_broker(rows=[quick], clock=utc_now)
    inbox = Inbox(accounting=503)
    start(broker, inbox)
    broker.publish([message()])
    inbox.wait(2)
    inbox.statuses["accounting"] = 204
    inbox.wait(3)
    until(lambda: broker.backlog() == 0)
    assert [body[-2:] for _, body, _ in inbox.came] == [b"1}", b"2}", b"3}"]


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


def test_events_that_cannot_be_published_are_left_to_the_relay(broker: Broker, start: Starts) -> None:
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


def test_a_failure_of_the_deliverer_itself_shows(broker: Broker, start: Starts, monkeypatch: Any) -> None:
    def lease(*_: Any) -> None:
        raise RuntimeError("a defect")

    deliverer = start(broker, Inbox())
    assert deliverer.healthy
    monkeypatch.setattr(broker, "lease", lease)
    broker.publish([message()])
    assert "RuntimeError: a defect" in until(lambda: deliverer.failure)
    until(lambda: not deliverer.healthy)


def test_a_full_disk_shows_and_is_waited_out(broker: Broker, start: Starts, monkeypatch: Any) -> None:
    inbox, lease = Inbox(), broker.lease

    def full(*_: Any) -> None:
        raise Unavailable("the disk is full")

    monkeypatch.setattr(broker, "lease", full)
    deliverer = start(broker, inbox)
    broker.publish([message()])
    assert "the disk is full" in until(lambda: deliverer.failure)
    monkeypatch.setattr(broker, "lease", lease)
    inbox.wait(3)
    until(lambda: deliverer.healthy)


def test_a_long_batch_is_cut_short_and_the_rest_given_back(
    open_broker: Callable[..., Broker], clock: Any, start: Starts
) -> None:
    broker = open_broker(rows=[INVOICE])
    began, go = threading.Event(), threading.Event()

    def push(*_: Any) -> PushResult:
        began.set()
        assert go.wait(5)
        time.sleep(batches.SECONDS + 0.01)
        return PushResult(204)

    broker.publish([message() for _ in range(8)])
    deliverer = start(broker, push)
    assert began.wait(5)
    threading.Thread(target=deliverer.stop).start()
    time.sleep(0.05)
    go.set()
    until(lambda: broker.backlog() == 7)  # the batch at hand was finished, nothing after it begun
    assert [each.attempt for each in broker.lease(10, clock())] == [1] * 7


def test_used_messages_go_without_being_asked(open_broker: Callable[..., Broker], start: Starts) -> None:
    broker = open_broker(rows=[COLLECT])
    broker.publish([message() for _ in range(20)])
    start(broker, Inbox())
    kept = "SELECT count(*) FROM messages"
    until(lambda: broker._file.read(kept) == [(1,)])  # the newest stays: the next id is counted from it
    assert broker.backlog() == 0


def test_a_service_that_hangs_stops_no_other(open_broker: Callable[..., Broker], start: Starts) -> None:
    broker = open_broker(rows=[INVOICE, NOTIFY], clock=utc_now)
    hanging, inbox = threading.Event(), Inbox()

    def push(subscription: Subscription, body: bytes, attributes: dict[str, str]) -> PushResult:
        assert current_scope() is None
        if subscription == INVOICE:
            hanging.wait(10)
        return inbox(subscription, body, attributes)

    deliverer = start(broker, push, parallel=4)
    broker.publish([message() for _ in range(50)])
    inbox.wait(50)
    assert set(inbox.services) == {"notification"}
    until(lambda: broker.backlog() == 50)
    hanging.set()
    inbox.wait(100)
    until(lambda: broker.backlog() == 0)
    assert deliverer.healthy
    assert inbox.services.count("accounting") == 50
    assert all(body.endswith(b'"deliveryAttempt":1}') for _, body, _ in inbox.came)


def test_stopping_waits_for_pushes_under_way_but_not_for_ever(
    open_broker: Callable[..., Broker], start: Starts
) -> None:
    broker = open_broker(rows=[INVOICE, NOTIFY], clock=utc_now)
    hanging, began = threading.Event(), threading.Barrier(3)

    def push(subscription: Subscription, *_: Any) -> PushResult:
        began.wait(5)
        if subscription == INVOICE:
            hanging.wait(10)
        else:
            time.sleep(0.1)
        return PushResult(204)

    deliverer = start(broker, push, parallel=4)
    broker.publish([message()])
    began.wait(5)
    deliverer.stop(timeout=0.3)
    assert broker.backlog() == 1
    assert deliverer.failure is None
    hanging.set()
