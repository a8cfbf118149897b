"""Events by hand: as a publisher sends them, and as the broker pushes them."""

import base64
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from shared.manifest import topics
from shared.values.clock import rfc3339, utc_now
from tests.estate import RunningEstate

_SAMPLES = Path(__file__).parents[2] / "shared" / "events" / "samples"


def sample(event_type: str) -> dict[str, Any]:
    """The catalogue's sample of an event, as if it happened now, under an id of its own."""
    found: dict[str, Any] = json.loads((_SAMPLES / f"{event_type}.json").read_text())
    return found | {"id": f"evt_{uuid4().hex}", "time": rfc3339(utc_now())}


def message(event: dict[str, Any]) -> dict[str, Any]:
    """An event as Pub/Sub carries it."""
    names = ("id", "type", "source", "time", "subject")
    attributes = {f"ce-{name}": event[name] for name in names}
    return {"data": base64.b64encode(json.dumps(event).encode()).decode(), "attributes": attributes}


def publish(estate: RunningEstate, *events: dict[str, Any]) -> list[str]:
    """Publish events to the topic of the first, in one request; returns their message ids."""
    topic = topics().of(events[0]["type"])
    messages = [message(event) for event in events]
    answered: list[str] = estate.post(f"/-/topics/{topic}/publish", {"messages": messages})["messageIds"]
    return answered


def push(estate: RunningEstate, path: str, event: dict[str, Any]) -> str:
    """Push an event to a function's door; returns what became of it."""
    service, function = path.split("/")
    answer = push_raw(estate, path, message(event) | {"messageId": "1"}, f"{service}.{function}.by-hand")
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return answer.headers["X-Effect"]


def push_raw(
    estate: RunningEstate, path: str, sent: Any, subscription: str = "", caller: str | None = "push"
) -> requests.Response:
    """Push a message; returns the whole answer."""
    service, function = path.split("/")
    body = {"message": sent, "subscription": f"projects/local/subscriptions/{subscription}"}
    return estate.ask("POST", f"/{service}/events/{function}", body, caller=caller)
