"""Publishing, leasing and settling."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.messaging.embedded import Broker, Delivery, Nack
from shared.storage.guard import TransactionOpen, open_transaction
from tests.shared.messaging.embedded.rows import COLLECT, INVOICE, NOTIFY, ROWS, message, subscription


def names(deliveries: list[Delivery]) -> list[str]:
    return [each.subscription.service for each in deliveries]


def test_each_subscription_that_wants_a_message_gets_it_once(broker: Broker, clock: Any) -> None:
    broker.publish([message("order.held")])
    assert names(broker.lease(10, clock())) == ["notification", "data_warehouse"]
    assert broker.lease(10, clock()) == []


def test_ids_are_decimal_and_rise(broker: Broker) -> None:
    first = broker.publish([message(), message()])
    second = broker.publish([message()])
    assert first == ["1795161600000000", "1795161600000001"]
    assert second == ["1795161600000002"]


def test_ids_rise_when_the_clock_goes_back(broker: Broker, clock: Any) -> None:
    [first] = broker.publish([message()])
    clock.advance(hours=-1)
    assert broker.publish([message()]) == [str(int(first) + 1)]


def test_a_message_that_nobody_wants_is_accepted_and_dropped(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE], topics=["quiet-events"])
    assert len(broker.publish([message("order.held"), message("a.b", topic="quiet-events")])) == 2
    assert broker.lease(10, clock()) == []
    assert broker.backlog() == 0


def test_an_unknown_topic_refuses_the_whole_publish(broker: Broker) -> None:
    with pytest.raises(LookupError, match="nowhere"):
        broker.publish([message(), message(topic="nowhere")])
    assert broker.backlog() == 0


def test_a_publish_inside_a_transaction_is_refused(broker: Broker) -> None:
    with open_transaction("accounting"), pytest.raises(TransactionOpen):
        broker.publish([message()])
    assert broker.backlog() == 0


def test_messages_outlive_the_process(open_broker: Callable[..., Broker], clock: Any) -> None:
    before = open_broker("before")
    [number] = before.publish([message(data=b"kept", trace="t")])
    after = open_broker("after")
    found = after.lease(10, clock())
    assert [(str(each.message_id), each.data, each.attribute_values) for each in found] == [
        (number, b"kept", {"ce-type": "order.confirmed", "trace": "t"})
    ] * 3


def test_an_acknowledged_delivery_never_returns(broker: Broker, clock: Any) -> None:
    broker.publish([message()])
    broker.settle(broker.lease(10, clock()), [])
    clock.advance(days=1)
    assert broker.lease(10, clock()) == []
    assert broker.backlog() == 0


def test_a_failed_delivery_returns_after_its_backoff_with_the_next_attempt(
    open_broker: Callable[..., Broker], clock: Any
) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message()])
    waits = []
    for attempt in (1, 2, 3):
        [delivery] = broker.lease(10, clock())
        assert delivery.attempt == attempt
        broker.settle([], [Nack(delivery, "503")])
        due = broker.next_due()
        assert due is not None
        waits.append((due - clock()).total_seconds())
        assert broker.lease(10, clock()) == []
        clock.set(due)
    assert waits == [1, 2, 4]


def test_a_lease_that_lapses_is_delivered_again(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message()])
    broker.lease(10, clock())
    clock.advance(seconds=9.9)
    assert broker.lease(10, clock()) == []
    clock.advance(seconds=0.1)
    assert [each.attempt for each in broker.lease(10, clock())] == [2]


def test_who_lost_its_lease_settles_nothing(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message()])
    [late] = broker.lease(10, clock())
    clock.advance(seconds=10)
    [present] = broker.lease(10, clock())
    broker.settle([late], [])
    assert broker.backlog() == 1
    broker.settle([present], [])
    assert broker.backlog() == 0


def test_the_lease_of_a_process_that_is_gone_is_taken_over_at_once(
    open_broker: Callable[..., Broker], clock: Any
) -> None:
    gone: set[str] = set()
    dying, living = (open_broker(name, [INVOICE], is_gone=gone.__contains__) for name in ("dying", "living"))
    dying.publish([message()])
    dying.lease(10, clock())
    assert living.lease(10, clock()) == []
    gone.add("dying")
    assert [each.attempt for each in living.lease(10, clock())] == [2]


def test_closing_gives_leases_back(open_broker: Callable[..., Broker], clock: Any, tmp_path: Any) -> None:
    living = open_broker("living", [INVOICE])
    closing = Broker(tmp_path / "broker.db", [INVOICE], "closing", clock)
    living.publish([message()])
    closing.lease(10, clock())
    closing.close()
    assert len(living.lease(10, clock())) == 1


def test_what_was_leased_in_vain_counts_no_attempt(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message()])
    broker.settle([], [], returned=broker.lease(10, clock()))
    assert [each.attempt for each in broker.lease(10, clock())] == [1]


def test_a_lease_takes_the_oldest_first_and_no_more_than_asked(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    for number in range(4):
        broker.publish([message(data=b"%d" % number)])
        clock.advance(seconds=1)
    assert [each.data for each in broker.lease(3, clock())] == [b"0", b"1", b"2"]


def test_a_lease_leaves_out_services_that_are_busy(broker: Broker, clock: Any) -> None:
    broker.publish([message()])
    assert names(broker.lease(10, clock(), {"accounting", "data_warehouse"})) == ["notification"]
    assert broker.next_due({"accounting", "data_warehouse"}) is not None  # its lease's end


def test_settling_publishes_in_the_same_commit_or_not_at_all(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message()])
    leased = broker.lease(10, clock())
    with pytest.raises(LookupError):
        broker.settle(leased, [], [message(topic="nowhere")])
    assert broker.backlog() == 1
    broker.settle(leased, [], [message(data=b"next")])
    assert [each.data for each in broker.lease(10, clock())] == [b"next"]


def test_a_report_tells_backlog_age_and_what_happened(broker: Broker, clock: Any) -> None:
    broker.publish([message(), message("order.held")])
    clock.advance(seconds=3)
    leased = [each for each in broker.lease(10, clock()) if each.subscription == NOTIFY]
    broker.settle(leased[:1], [Nack(leased[1], "500")])
    assert [row for row in broker.subscriptions_report(clock()) if row["service"] == "notification"] == [
        {
            "name": "notification.notify.order-events",
            "topic": "order-events",
            "service": "notification",
            "function": "notify",
            "backlog": 1,
            "oldest_unacknowledged_s": 3.000001 - 0.000001,
            "delivered": 1,
            "retried": 1,
            "dead_lettered": 0,
        }
    ]
    assert [row["name"] for row in broker.subscriptions_report(clock())] == [each.name for each in ROWS]


def test_a_row_that_is_gone_keeps_its_deliveries_out_of_the_backlog(
    open_broker: Callable[..., Broker], clock: Any
) -> None:
    open_broker("first", [INVOICE, NOTIFY]).publish([message()])
    second = open_broker("second", [INVOICE])
    assert second.backlog() == 1
    assert names(second.lease(10, clock())) == ["accounting"]
    third = open_broker("third", [NOTIFY, INVOICE])
    assert third.backlog() == 2
    assert names(third.lease(10, clock())) == ["notification"]


def test_a_new_row_gets_what_is_published_from_then_on(open_broker: Callable[..., Broker], clock: Any) -> None:
    open_broker("first", [INVOICE]).publish([message(data=b"old")])
    second = open_broker("second", [INVOICE, subscription("crm", "earn_points", "order.confirmed")])
    second.publish([message(data=b"new")])
    found = second.lease(10, clock())
    assert [(each.subscription.service, each.data) for each in found] == [
        ("accounting", b"old"),
        ("accounting", b"new"),
        ("crm", b"new"),
    ]


def test_used_messages_are_purged_and_others_stay(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[COLLECT])
    broker.publish([message(data=b"%d" % number) for number in range(5)])
    broker.settle([each for each in broker.lease(10, clock()) if each.data != b"2"], [])
    assert [broker.purge(limit=2) for _ in range(3)] == [2, 1, 0]  # 0 and 1; 3; the newest stays
    clock.advance(seconds=10)
    assert [each.data for each in broker.lease(10, clock())] == [b"2"]
