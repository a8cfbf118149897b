"""The deliverer: pushes what is due, acknowledges what succeeds, tries the rest again, and shows what is wrong."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.messaging.embedded import Broker, Deliverer, PushResult, batches
from shared.messaging.embedded.wakeups import send
from shared.values.clock import utc_now
from tests.shared.messaging.embedded.inbox import Inbox, until
from tests.shared.messaging.embedded.rows import COLLECT, INVOICE, message

Starts = Callable[..., Deliverer]


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
