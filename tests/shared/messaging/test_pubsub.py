"""Publishing to Pub/Sub's REST API: what is sent, what is tried again, and what is not. A real server answers."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from shared.errors import CallFailed
from shared.messaging import pubsub
from shared.messaging.connect import connect_publisher
from shared.messaging.publisher import Message
from shared.messaging.pubsub import PubSubPublisher
from shared.settings import Settings


class Google:
    """Plays Pub/Sub and the metadata server; `answers` are the statuses to come, then 200."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.published: list[tuple[str, dict[str, Any], str]] = []
        self.tokens = 0
        self.token_lasts_s = 3600
        google = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                google.tokens += 1
                assert self.headers["Metadata-Flavor"] == "Google"
                assert self.path == "/computeMetadata/v1/instance/service-accounts/default/token"
                found = {"access_token": f"token-{google.tokens}", "expires_in": google.token_lasts_s}
                self._send(200, found | {"token_type": "Bearer"})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                google.published.append((self.path, body, self.headers.get("Authorization", "")))
                ids = [f"{len(google.published)}{place}" for place in range(len(body["messages"]))]
                self._send(google.answers.pop(0) if google.answers else 200, {"messageIds": ids})

            def _send(self, status: int, body: Any) -> None:
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *arguments: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def google() -> Iterator[Google]:
    playing = Google()
    threading.Thread(target=playing.server.serve_forever, args=(0.01,), daemon=True).start()
    yield playing
    playing.server.shutdown()
    playing.server.server_close()


@pytest.fixture
def emulated(google: Google) -> PubSubPublisher:
    return PubSubPublisher(Settings(pubsub=google.address))


@pytest.fixture
def in_the_cloud(google: Google, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    monkeypatch.setattr(pubsub, "GOOGLE", f"http://{google.address}")
    return lambda: connect_publisher(
        "crm", Settings(platform="cloud", project="shop-7", metadata=f"http://{google.address}")
    )


def test_messages_of_a_topic_go_in_one_request_whatever_lies_between(google: Google, emulated: PubSubPublisher) -> None:
    trace = {"ce-type": "order.confirmed", "traceparent": "00-1-2-01"}
    ids = emulated.publish(
        [Message("order-events", b"1", trace, "ord_1"), Message("payment-events", b"2"), Message("order-events", b"3")]
    )

    assert [(path, body["messages"]) for path, body, _ in google.published] == [
        (
            "/v1/projects/local/topics/order-events:publish",
            [{"data": "MQ==", "attributes": trace, "orderingKey": "ord_1"}, {"data": "Mw==", "attributes": {}}],
        ),
        ("/v1/projects/local/topics/payment-events:publish", [{"data": "Mg==", "attributes": {}}]),
    ]
    assert ids == ["10", "20", "11"]


def test_no_request_is_larger_than_pub_sub_takes(google: Google, emulated: PubSubPublisher) -> None:
    emulated.publish([Message("order-events", bytes(3_000_000)) for _ in range(4)])

    assert [len(body["messages"]) for _, body, _ in google.published] == [1, 1, 1, 1]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(google: Google, emulated: PubSubPublisher, status: int) -> None:
    google.answers = [status, status]

    assert emulated.publish([Message("order-events", b"1")]) == ["30"]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_what_is_our_mistake_is_not(google: Google, emulated: PubSubPublisher, status: int) -> None:
    google.answers = [status]

    with pytest.raises(RuntimeError, match=str(status)):
        emulated.publish([Message("order-events", b"1")])

    assert len(google.published) == 1


def test_after_the_deadline_it_is_given_up(
    google: Google, emulated: PubSubPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pubsub, "DEADLINE_S", 0.5)
    google.answers = [503] * 20
    began = time.monotonic()

    with pytest.raises(CallFailed):
        emulated.publish([Message("order-events", b"1")])

    assert time.monotonic() - began < 0.6
    assert len(google.published) > 1


def test_nobody_listening_is_a_failed_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubsub, "DEADLINE_S", 0.3)
    with pytest.raises(CallFailed):
        PubSubPublisher(Settings(pubsub="127.0.0.1:9")).publish([Message("order-events", b"1")])


def test_in_the_cloud_it_brings_an_access_token_fetched_once(google: Google, in_the_cloud: Callable[[], Any]) -> None:
    publisher = in_the_cloud()
    for _ in range(2):
        publisher.publish([Message("order-events", b"1")])

    assert [(path, token) for path, _, token in google.published] == [
        ("/v1/projects/shop-7/topics/order-events:publish", "Bearer token-1")
    ] * 2
    assert google.tokens == 1


def test_a_token_is_renewed_before_it_expires(google: Google, in_the_cloud: Callable[[], Any]) -> None:
    google.token_lasts_s = 200
    publisher = in_the_cloud()
    for _ in range(2):
        publisher.publish([Message("order-events", b"1")])

    assert [token for _, _, token in google.published] == ["Bearer token-1", "Bearer token-2"]


def test_no_token_is_wanted_and_none_fetched_at_an_emulator(google: Google, emulated: PubSubPublisher) -> None:
    emulated.publish([Message("order-events", b"1")])

    assert ([token for _, _, token in google.published], google.tokens) == ([""], 0)
