"""Pub/Sub keeps the Publisher contract, on Google's own emulator."""

import base64
import secrets
from pathlib import Path

import pytest
import requests

from shared.messaging.publisher import Message
from shared.messaging.pubsub import PubSubPublisher
from shared.settings import Settings
from tests.contracts.publisher import OpenTopic, PublisherContract

TOPIC = "order-events"


class TestPubSub(PublisherContract):
    @pytest.fixture
    def opened(self, pubsub_emulator: str, tmp_path: Path) -> OpenTopic:
        project = f"contract-{secrets.token_hex(4)}"
        root = f"http://{pubsub_emulator}/v1/projects/{project}"
        topic, subscription = f"projects/{project}/topics/{TOPIC}", {"enableMessageOrdering": True}
        requests.put(f"{root}/topics/{TOPIC}", json={}).raise_for_status()
        requests.put(f"{root}/subscriptions/all", json={"topic": topic, **subscription}).raise_for_status()

        def ask(verb: str, body: object) -> dict[str, list[dict[str, dict[str, str]]]]:
            answer = requests.post(f"{root}/subscriptions/all:{verb}", json=body, timeout=10)
            answer.raise_for_status()
            found: dict[str, list[dict[str, dict[str, str]]]] = answer.json()
            return found

        def take(count: int) -> list[Message]:
            taken: list[Message] = []
            while len(taken) < count:
                received = ask("pull", {"maxMessages": count}).get("receivedMessages", [])
                ask("acknowledge", {"ackIds": [each["ackId"] for each in received]})
                taken += [_read(each["message"]) for each in received]
            return taken

        return OpenTopic(PubSubPublisher(Settings(project=project, pubsub=pubsub_emulator)), TOPIC, take)

    def test_messages_of_several_topics_get_their_ids_in_the_order_given(self, opened: OpenTopic) -> None:
        ids = opened.publisher.publish([Message(TOPIC, b"%d" % number) for number in range(1500)])

        assert [int(each) for each in ids] == sorted(map(int, ids)), "more than one request holds"
        assert len(set(ids)) == 1500


def _read(message: "dict[str, str]") -> Message:
    attributes: object = message.get("attributes", {})
    assert isinstance(attributes, dict)
    return Message(TOPIC, base64.b64decode(message.get("data", "")), attributes, message.get("orderingKey", ""))
