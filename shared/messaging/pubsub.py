"""The Publisher port on Google Pub/Sub: its REST API by plain HTTP, with an access token of the metadata server.

Google's client would take 170 ms for the first publish of a process and wait 10 ms for batches; this sends what it is
given at once (see docs/decisions/0020-pub-sub-is-published-to-by-plain-http.md). On an emulator no token is sent.
"""

import random
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence

import orjson

from shared.calls.access_tokens import AccessTokens
from shared.calls.transport import Reply, over_socket
from shared.errors import CallFailed, Unavailable
from shared.messaging.publisher import Message
from shared.settings import Settings
from shared.storage.guard import leaving
from shared.values.clock import utc_now

GOOGLE = "https://pubsub.googleapis.com"
DEADLINE_S = 5.0
"""For all requests of one publish; what fails then is left to the outbox's relay."""
MOST_MESSAGES, MOST_BYTES = 1000, 9_000_000
"""Of one request; Pub/Sub takes 1,000 messages and 10 MB."""
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
_OF_A_REQUEST_S = 2.0
_TOO_MANY = 429


class PubSubPublisher:
    """One process's door to the topics of one project. Threads share it."""

    def __init__(self, settings: Settings) -> None:
        self._root = f"http://{settings.pubsub}" if settings.pubsub else GOOGLE
        self._topics = f"{self._root}/v1/projects/{settings.project}/topics"
        tokens = AccessTokens(settings, utc_now)
        self._token: Callable[[], str] | None = None if settings.pubsub else tokens.token

    def publish(self, messages: Sequence[Message]) -> list[str]:
        """Publish, one request per topic (or thousand messages); return the ids in the order given.

        LookupError for an unknown topic; CallFailed if Pub/Sub may not have them all. Then it may have some.
        """
        leaving("a publish")
        until = time.monotonic() + DEADLINE_S
        ids = [""] * len(messages)
        for topic, places in _requests(messages):
            body = orjson.dumps({"messages": [_written(messages[place]) for place in places]})
            for place, number in zip(places, self._send(topic, body, until), strict=True):
                ids[place] = number
        return ids

    def _send(self, topic: str, body: bytes, until: float) -> list[str]:
        """Send one request, again after a growing pause while that can help."""
        pause = _FIRST_PAUSE_S
        while True:
            try:
                return _ids_of(self._ask(topic, body, until - time.monotonic()), topic)
            except Unavailable:
                wait = pause * (0.5 + random.random())
                if time.monotonic() + wait >= until:
                    raise
                time.sleep(wait)
                pause = min(2 * pause, _LONGEST_PAUSE_S)

    def _ask(self, topic: str, body: bytes, left: float) -> Reply:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token()}"
        return over_socket(f"{self._topics}/{topic}:publish", "POST", {}, body, headers, min(left, _OF_A_REQUEST_S))


def _requests(messages: Sequence[Message]) -> Iterator[tuple[str, list[int]]]:
    """Yield topics with the places of their messages, no more at a time than one request may hold.

    Order counts within an ordering key only, and that lies in one topic.
    """
    by_topic: dict[str, list[int]] = {}
    for place, message in enumerate(messages):
        by_topic.setdefault(message.topic, []).append(place)
    for topic, places in by_topic.items():
        part, size = list[int](), 0
        for place in places:
            weight = 2 * len(messages[place].data)  # base64, attributes and punctuation
            if part and (len(part) == MOST_MESSAGES or size + weight > MOST_BYTES):
                yield topic, part
                part, size = [], 0
            part.append(place)
            size += weight
        yield topic, part


def _written(message: Message) -> dict[str, object]:
    body: dict[str, object] = {"data": b64encode(message.data).decode(), "attributes": message.attributes}
    return body | ({"orderingKey": message.ordering_key} if message.ordering_key else {})


def _ids_of(reply: Reply, topic: str) -> list[str]:
    if reply.status == 404:
        raise LookupError(f"no topic {topic!r}")
    if reply.status == _TOO_MANY or reply.status >= 500:
        raise CallFailed(f"Pub/Sub answered {reply.status} for {topic}")
    if reply.status != 200:
        raise RuntimeError(f"Pub/Sub answered {reply.status} for {topic}")  # 400, 401, 403: again is no better
    return [str(each) for each in orjson.loads(reply.body)["messageIds"]]
