"""The embedded broker keeps the Publisher contract, and is stricter: a publish is all or nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.manifest import Subscription
from shared.messaging.embedded import Broker
from shared.messaging.publisher import Message
from shared.values.clock import utc_now
from tests.contracts.publisher import OpenTopic, PublisherContract

ROW = Subscription(
    name="crm.listen.order-events", topic="order-events", service="crm", function="listen", types=None, ordered=True
)


class TestEmbeddedBroker(PublisherContract):
    @pytest.fixture
    def broker(self, tmp_path: Path) -> Iterator[Broker]:
        broker = Broker(tmp_path / "broker.db", [ROW], "contract", utc_now)
        yield broker
        broker.close()

    @pytest.fixture
    def opened(self, broker: Broker) -> OpenTopic:
        def take(count: int) -> list[Message]:
            taken: list[Message] = []
            while len(taken) < count:
                leased = broker.lease(count, utc_now())
                assert leased, f"only {len(taken)} of {count} messages came"
                broker.settle(leased, [])
                taken += [Message(ROW.topic, each.data, each.attribute_values, each.ordering_key) for each in leased]
            return taken

        return OpenTopic(broker, ROW.topic, take)

    def test_a_publish_is_all_or_nothing(self, broker: Broker) -> None:
        with pytest.raises(LookupError):
            broker.publish([Message(ROW.topic, b"good"), Message("nowhere-events", b"bad")])
        assert broker.backlog() == 0
