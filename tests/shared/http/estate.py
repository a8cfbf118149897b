"""A client over the edge's WSGI callable that also holds every answer against the service's OpenAPI document."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jsonschema import Draft202012Validator

from shared.calls.signer import Signer
from shared.calls.transport import Wsgi, wsgi_environ
from shared.events import Event
from shared.events.envelope import wrap


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> Any:
        assert self.headers["Content-Type"] == "application/problem+json"
        return self.json["code"]


class Client:
    """Sends requests with a token of `caller` for `audience`."""

    def __init__(
        self, app: Wsgi, signer: Signer, audience: str, clock: Callable[[], datetime], noted: list[str]
    ) -> None:
        self.app, self.signer, self.audience, self.clock, self.noted = app, signer, audience, clock, noted
        self.document: dict[str, Any] | None = None

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        caller: str | None = "operator",
        key: str | None = None,
        headers: dict[str, str] | None = None,
        query: str = "",
    ) -> Answered:
        sent = dict(headers or {})
        if caller and "Authorization" not in sent:
            sent["Authorization"] = f"Bearer {self.signer.token(caller, self.audience, self.clock())}"
        if key is not None:
            sent["Idempotency-Key"] = key
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        told: dict[str, Any] = {}

        def start_response(status: str, received: list[tuple[str, str]], exc_info: Any = None) -> None:
            self.noted.append("answered")
            told.update(status=int(status[:3]), headers=dict(received))

        content = b"".join(self.app(wsgi_environ(method, path, query, raw, sent), start_response))
        answered = Answered(told["status"], told["headers"], content)
        if self.document is not None and method != "HEAD":
            assert_documented(self.document, method, path, answered)
        return answered

    def push(
        self, function: str, event: Event | None = None, *, caller: str = "push", attempt: int = 1, **changed: Any
    ) -> Answered:
        """Push an event as the broker does; `changed`: event_id, data, attributes, message_id, subscription."""
        data, attributes = changed.get("data", b"{}"), {}
        if event is not None:
            envelope = wrap(
                event,
                event_id=changed.get("event_id", "evt-1"),
                source="/checkout",
                at=self.clock(),
                traceparent=None,
            )
            data = changed.get("data", envelope.model_dump_json(exclude_none=True).encode())
            attributes = envelope.attributes
        body = {
            "message": {
                "data": base64.b64encode(data).decode(),
                "attributes": changed.get("attributes", attributes),
                "messageId": changed.get("message_id", "msg-1"),
            },
            "subscription": changed.get("subscription", f"projects/local/subscriptions/bakery.{function}.order-events"),
            "deliveryAttempt": attempt,
        }
        return self.send("POST", f"/events/{function}", body, caller=caller)


def assert_documented(document: dict[str, Any], method: str, path: str, answered: Answered) -> None:
    """Every answer of a route that the document has is pinned there: its status, media type and shape."""
    operation = operation_of(document, method, path)
    if operation is None:
        assert answered.status in (401, 404, 405), f"{method} {path} is not in the document"
        return
    response = operation["responses"][str(answered.status)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    if not answered.body:
        assert "content" not in response
        return
    media_type = answered.headers["Content-Type"].partition(";")[0]
    schema = {**response["content"][media_type]["schema"], "components": document["components"]}
    if media_type.endswith("json"):
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answered.json)
    for name in response.get("headers", {}):
        assert name in answered.headers or name in ("Retry-After", "Idempotent-Replay")


def operation_of(document: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    for template, operations in sorted(document["paths"].items(), key=lambda each: "{" in each[0]):
        parts, given = template.split("/"), path.split("/")
        same = len(parts) == len(given) and all(
            part.startswith("{") or part == got for part, got in zip(parts, given, strict=True)
        )
        if same and method.lower() in operations:
            found: dict[str, Any] = operations[method.lower()]
            return found
    return None
