"""What a subscription gives up, why, and sending it again."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.messaging.embedded import Broker, Nack
from shared.messaging.publisher import Message
from tests.shared.messaging.embedded.rows import INVOICE, NOTIFY, message


def exhaust(broker: Broker, clock: Any, detail: str = "503 closed for lunch") -> None:
    for _ in range(5):
        broker.settle([], [Nack(each, detail) for each in broker.lease(10, clock())])
        clock.advance(seconds=10)


def test_after_the_last_attempt_a_message_is_kept_with_its_reason(
    open_broker: Callable[..., Broker], clock: Any
) -> None:
    broker = open_broker(rows=[INVOICE])
    [number] = broker.publish([message(data=b'{"total":"1.00"}', **{"ce-id": "evt_1"})])
    exhaust(broker, clock)
    [letter] = broker.dead_letters()
    assert int(letter.pop("id")) > int(number)
    assert letter == {
        "subscription": "accounting.draft_invoice.order-events",
        "topic": "accounting.draft_invoice.order-events.dead-letter",
        "event_id": "evt_1",
        "event_type": "order.confirmed",
        "error_code": "max_attempts",
        "error_detail": "503 closed for lunch",
        "published_at": "2026-11-20T08:00:00.000Z",
        "attempts": 5,
        "data": {"total": "1.00"},
        "attributes": {
            "ce-type": "order.confirmed",
            "ce-id": "evt_1",
            "error-code": "max_attempts",
            "error-detail": "503 closed for lunch",
            "subscription": "accounting.draft_invoice.order-events",
            "CloudPubSubDeadLetterSourceDeliveryCount": "5",
            "CloudPubSubDeadLetterSourceSubscription": "accounting.draft_invoice.order-events",
            "CloudPubSubDeadLetterSourceSubscriptionProject": "local",
            "CloudPubSubDeadLetterSourceTopicPublishTime": "2026-11-20T08:00:00.000Z",
        },
    }
    assert broker.backlog() == 0
    assert broker.lease(10, clock()) == []


def test_a_dead_letter_is_counted_once(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message()])
    exhaust(broker, clock)
    [row] = broker.subscriptions_report(clock())
    assert (row["delivered"], row["retried"], row["dead_lettered"], row["backlog"]) == (0, 4, 1, 0)


def test_a_message_whose_leases_all_lapsed_is_given_up(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message()])
    for _ in range(5):
        assert len(broker.lease(10, clock())) == 1
        clock.advance(seconds=10)
    assert broker.lease(10, clock()) == []
    [letter] = broker.dead_letters()
    assert (letter["error_detail"], letter["attempts"]) == ("its last ack deadline passed", 5)


def publish_as_the_edge_does(broker: Broker, source: str = INVOICE.name, data: bytes = b"not json \xff") -> str:
    reason = {"error-code": "undeliverable", "error-detail": "not a CloudEvent", "subscription": source}
    return broker.publish([Message(f"{source}.dead-letter", data, {"ce-type": "order.confirmed", **reason})])[0]


def test_what_the_edge_gives_up_is_kept_and_never_pushed(broker: Broker, clock: Any) -> None:
    number = publish_as_the_edge_does(broker)
    [letter] = broker.dead_letters()
    assert letter["id"] == number
    assert letter["subscription"] == "accounting.draft_invoice.order-events"
    assert letter["error_code"] == "undeliverable"
    assert letter["attempts"] == 1
    assert letter["data"] == "not json \N{REPLACEMENT CHARACTER}"
    assert broker.lease(10, clock()) == []
    assert broker.backlog() == 0


def test_a_replay_goes_to_its_own_subscription_alone(broker: Broker, clock: Any) -> None:
    publish_as_the_edge_does(broker, data=b"again")
    assert broker.replay() == 1
    assert broker.dead_letters() == []
    [delivery] = broker.lease(10, clock())
    assert delivery.subscription == INVOICE
    assert (delivery.attempt, delivery.data) == (1, b"again")
    assert delivery.attribute_values == {"ce-type": "order.confirmed"}


def test_a_replay_strips_what_giving_up_added(open_broker: Callable[..., Broker], clock: Any) -> None:
    broker = open_broker(rows=[INVOICE])
    broker.publish([message(**{"ce-id": "evt_1"})])
    exhaust(broker, clock)
    broker.replay()
    [delivery] = broker.lease(10, clock())
    assert delivery.attribute_values == {"ce-type": "order.confirmed", "ce-id": "evt_1"}
    assert delivery.attempt == 1


def test_a_replay_takes_only_what_is_named(broker: Broker) -> None:
    first, second, third = (
        publish_as_the_edge_does(broker, name) for name in (INVOICE.name, INVOICE.name, NOTIFY.name)
    )
    assert broker.replay(ids=[second, "404"]) == 1
    assert [each["id"] for each in broker.dead_letters()] == [first, third]
    assert broker.replay(subscription=NOTIFY.name) == 1
    assert [each["id"] for each in broker.dead_letters()] == [first]
    with pytest.raises(ValueError, match="nonsense"):
        broker.replay(ids=["nonsense"])


def test_a_replay_leaves_what_no_row_takes_any_more(open_broker: Callable[..., Broker]) -> None:
    publish_as_the_edge_does(open_broker("first", [INVOICE]))
    later = open_broker("later", [NOTIFY])
    assert later.replay() == 0
    assert len(later.dead_letters()) == 1
