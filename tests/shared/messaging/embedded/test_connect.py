"""The broker of a process, from the rows of triggers/."""

from pathlib import Path

from shared.manifest import manifest
from shared.messaging.embedded.connect import close_brokers, connect_broker
from shared.messaging.publisher import Message
from shared.settings import Settings


def test_a_process_has_one_broker_with_every_topic_and_subscription(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    broker = connect_broker(settings)
    assert connect_broker(settings) is broker
    broker.publish([Message(topic, b"{}", {"ce-type": "order.confirmed"}) for topic in manifest().topics.topics])
    named = [row["name"] for row in broker.subscriptions_report(broker.clock())]
    assert named == [each.name for each in manifest().subscriptions()]
    close_brokers()
    assert (tmp_path / "broker.db").is_file()
