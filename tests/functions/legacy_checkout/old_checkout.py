"""The old checkout, as recorded: the calls and the message of one order, made out to any number of orders."""

import base64
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.calls.transport import Reply, in_process
from tests.in_process import InProcess

RECORDED = json.loads((Path(__file__).parent / "recorded_calls.json").read_text("utf-8"))["calls"]
ID = "8f0c2d1e-c4f1-11f0-9d2c-0242ac120002"
PREFIX = {
    "GCP_KYC_URL": "/kyc",
    "GCP_INVENTORY_URL": "/inventory",
    "GCP_CRM_URL": "/crm",
    "GCP_ACCOUNTING_URL": "/accounting",
    "GCP_WAREHOUSE_URL": "/warehouse",
    "AZURE_ANALYTICS_URL": "/azure",
}
"""Each variable of the old checkout: its base address below this service."""
TOPIC = "pubsub order-events"


@dataclass(frozen=True)
class Call:
    """One call, or the message, where `path` is empty."""

    method: str
    path: str
    body: Any

    @property
    def is_message(self) -> bool:
        return not self.path


def calls_of(order_id: str = ID, *, email: str = "someone@example.com", change: Callable[[Any], Any] | None = None):
    """The recorded calls in their order, of another order; `change` may alter each body."""
    found = []
    for recorded in RECORDED:
        text = json.dumps(recorded.get("body")).replace(ID, order_id).replace("someone@example.com", email)
        body = json.loads(text)
        path = "" if recorded["to"] == TOPIC else PREFIX[recorded["to"]] + recorded["path"]
        found.append(Call(recorded["method"], path, change(body) if change and body else body))
    return found


def named(calls: Iterable[Call], *paths: str) -> list[Call]:
    """Those calls whose path is one of these; "" is the message."""
    return [each for each in calls if each.path in paths]


def send(estate: InProcess, call: Call, service: str = "legacy_checkout") -> Reply:
    """Make one call as the old checkout does: without a token."""
    if call.is_message:
        return push(estate, call.body)
    data = json.dumps(call.body).encode() if call.body is not None else b""
    headers = {"Content-Type": "application/json"} if data else {}
    return in_process(estate.estate.services[service], call.method, call.path, {}, data, headers, 30)


def push(estate: InProcess, body: Any, message_id: str = "", attributes: dict[str, str] | None = None) -> Reply:
    """Deliver a message to this service's subscription."""
    envelope = pushed(body, message_id or f"m-{time.monotonic_ns()}", attributes)
    envelope["subscription"] = "projects/local/subscriptions/legacy_checkout.take_order_event.order-events"
    return estate.ask("push", "POST", "/legacy_checkout/events/take_order_event", envelope)


def pushed(body: Any, message_id: str = "m-1", attributes: dict[str, str] | None = None) -> dict[str, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    message = {"data": base64.b64encode(data).decode(), "messageId": message_id, "attributes": attributes or {}}
    return {"message": message, "subscription": "projects/p/subscriptions/order-events-push"}


def get(estate: InProcess, path: str) -> Any:
    """GET as an old dashboard does: without a token."""
    reply = send(estate, Call("GET", path, None))
    assert reply.status == 200, (path, reply)
    return json.loads(reply.body)
