"""Ordering keys: one message of a key at a time, and a failing key blocks itself only."""

from collections.abc import Callable
from typing import Any

from shared.messaging.embedded import Broker, Delivery, Nack
from tests.shared.messaging.embedded.rows import COLLECT, STATE, message, subscription


def shipped(*pairs: tuple[str, bytes]) -> list[Any]:
    return [message("shipment.dispatched", data, topic="shipment-events", key=key) for key, data in pairs]


def leased(broker: Broker, clock: Any) -> list[Delivery]:
    return broker.lease(100, clock())


def test_only_the_earliest_message_of_a_key_is_handed_out(broker: Broker, clock: Any) -> None:
    broker.publish(shipped(("a", b"a1"), ("a", b"a2"), ("b", b"b1")))
    assert [each.data for each in leased(broker, clock)] == [b"a1", b"b1"]
    assert leased(broker, clock) == []


def test_the_next_of_a_key_follows_the_acknowledgement(broker: Broker, clock: Any) -> None:
    broker.publish(shipped(("a", b"a1"), ("a", b"a2")))
    broker.publish(shipped(("a", b"a3")))
    seen = []
    while found := leased(broker, clock):
        seen += [each.data for each in found]
        broker.settle(found, [])
    assert seen == [b"a1", b"a2", b"a3"]


def test_a_failing_key_blocks_itself_only(broker: Broker, clock: Any) -> None:
    broker.publish(shipped(("a", b"a1"), ("a", b"a2"), ("b", b"b1"), ("b", b"b2")))
    [a1, b1] = leased(broker, clock)
    broker.settle([b1], [Nack(a1, "503")])
    [b2] = leased(broker, clock)
    assert b2.data == b"b2"
    broker.settle([b2], [])
    assert leased(broker, clock) == []
    clock.advance(seconds=1)
    assert [(each.data, each.attempt) for each in leased(broker, clock)] == [(b"a1", 2)]


def test_a_key_goes_on_when_its_message_is_given_up(broker: Broker, clock: Any) -> None:
    broker.publish(shipped(("a", b"a1"), ("a", b"a2")))
    for _ in range(5):
        [failing] = leased(broker, clock)
        assert failing.data == b"a1"
        broker.settle([], [Nack(failing, "500")])
        clock.advance(seconds=10)
    assert [each.data for each in leased(broker, clock)] == [b"a2"]


def test_messages_without_a_key_wait_for_nobody(broker: Broker, clock: Any) -> None:
    broker.publish(shipped(("", b"1"), ("", b"2")))
    assert [each.data for each in leased(broker, clock)] == [b"1", b"2"]


def test_a_row_that_asks_for_no_order_gets_none(open_broker: Callable[..., Broker], clock: Any) -> None:
    unordered = subscription("warehouse", "watch", topic="shipment-events")
    broker = open_broker(rows=[unordered, COLLECT])
    broker.publish(shipped(("a", b"a1"), ("a", b"a2")))
    assert [(each.data, each.ordering_key) for each in leased(broker, clock)] == [(b"a1", "a"), (b"a2", "a")]


def test_a_row_that_stops_asking_for_order_releases_what_waits(open_broker: Callable[..., Broker], clock: Any) -> None:
    open_broker("first", [STATE]).publish(shipped(("a", b"a1"), ("a", b"a2")))
    second = open_broker("second", [STATE.model_copy(update={"ordered": False})])
    assert [each.data for each in leased(second, clock)] == [b"a1", b"a2"]
