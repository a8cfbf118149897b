"""Pushing to other processes: several at a time, a quarter of them to one service at most."""

import threading
import time
from collections.abc import Callable
from typing import Any

from shared.manifest import Subscription
from shared.messaging.embedded import Broker, Deliverer, PushResult
from shared.storage.durability import current_scope
from shared.values.clock import utc_now
from tests.shared.messaging.embedded.inbox import Inbox, until
from tests.shared.messaging.embedded.rows import INVOICE, NOTIFY, message

Starts = Callable[..., Deliverer]


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
