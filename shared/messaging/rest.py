"""Publishing over HTTP with Pub/Sub's publish body: what a process uses that shares no file with the estate."""

import base64
from collections.abc import Sequence
from itertools import groupby

from pydantic import BaseModel

from shared.calls.http import HttpCalls
from shared.messaging.publisher import Message
from shared.settings import Settings
from shared.values.clock import utc_now


class _Published(BaseModel):
    messageIds: list[str]  # noqa: N815  (Pub/Sub's name)


class RestPublisher:
    """The Publisher port over Pub/Sub's REST route: `POST <estate>/v1/projects/{project}/topics/{topic}:publish`."""

    def __init__(self, service: str, settings: Settings) -> None:
        self._calls = HttpCalls(service, settings, {}, utc_now)
        self._project = settings.project

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Publish, one request per run of messages of one topic; CallFailed if the broker may not have them all."""
        ids: list[str] = []
        for topic, run in groupby(messages, key=lambda message: message.topic):
            body = {"messages": [_written(message) for message in run]}
            ids += self._calls.post(
                "v1", f"/projects/{self._project}/topics/{topic}:publish", body, _Published
            ).messageIds
        return ids


def _written(message: Message) -> dict[str, object]:
    body: dict[str, object] = {"data": base64.b64encode(message.data).decode(), "attributes": message.attributes}
    return body | ({"orderingKey": message.ordering_key} if message.ordering_key else {})
