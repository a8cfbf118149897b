"""What every Publisher keeps: a suite that each adapter subclasses with its own broker."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from shared.messaging.publisher import Message, Publisher


@dataclass(frozen=True)
class OpenTopic:
    """A publisher, a topic with one ordered subscription, and `take(n)`: the next n messages that come there."""

    publisher: Publisher
    topic: str
    take: Callable[[int], list[Message]]


class PublisherContract:
    """Subclasses give the fixture `opened`."""

    @pytest.fixture
    def opened(self) -> OpenTopic:
        raise NotImplementedError

    def test_returns_an_id_of_its_own_for_each_message(self, opened: OpenTopic) -> None:
        ids = opened.publisher.publish([Message(opened.topic, b"same") for _ in range(3)])
        assert len(set(ids)) == 3
        assert all(each.isdecimal() for each in ids)

    def test_what_is_published_comes_as_it_was(self, opened: OpenTopic) -> None:
        sent = [
            Message(opened.topic, b"\x00\xff not text", {"ce-type": "order.confirmed", "note": 'ünï "quoted"'}),
            Message(opened.topic, b"", {"ce-type": "order.held"}),
            Message(opened.topic, b"no attributes"),
        ]
        opened.publisher.publish(sent)
        found = opened.take(3)
        assert sorted(found, key=lambda each: each.data) == sorted(sent, key=lambda each: each.data)

    def test_an_ordering_key_comes_with_the_message(self, opened: OpenTopic) -> None:
        opened.publisher.publish([Message(opened.topic, b"1", {}, "ord_1")])
        assert [each.ordering_key for each in opened.take(1)] == ["ord_1"]

    def test_messages_of_one_key_come_in_the_order_of_publishing(self, opened: OpenTopic) -> None:
        opened.publisher.publish([Message(opened.topic, b"%d" % number, {}, "ord_1") for number in range(3)])
        opened.publisher.publish([Message(opened.topic, b"3", {}, "ord_1")])
        assert [each.data for each in opened.take(4)] == [b"0", b"1", b"2", b"3"]

    def test_an_unknown_topic_raises(self, opened: OpenTopic) -> None:
        with pytest.raises(LookupError):
            opened.publisher.publish([Message("nowhere-events", b"")])

    def test_publishing_nothing_is_no_error(self, opened: OpenTopic) -> None:
        assert opened.publisher.publish([]) == []
