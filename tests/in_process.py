"""The whole estate in this process, without threads: real services, stores and broker; the test delivers.

Services are called by the path of any other request (token, checks, JSON). `before` and `after` hold what to do when a
request reaches or leaves a service: raise to play a crash, sleep to play a slow one.
"""

import io
import json
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from shared.analytics.owner import serve
from shared.calls.signer import make_keys, public_keys_file
from shared.calls.transport import Reply, Wsgi
from shared.events import Envelope
from shared.hosts.local.estate import Estate
from shared.hosts.local.seeding import seed
from shared.http.service import Service
from shared.http.wsgi import ServiceApp
from shared.manifest import manifest, topics
from shared.messaging.embedded.batches import Batches
from shared.messaging.embedded.connect import close_brokers, connect_broker
from shared.messaging.embedded.delivery import PushResult
from shared.messaging.publisher import Message, messages_of
from shared.settings import Settings
from shared.storage.connect import close_all
from shared.values.clock import utc_now
from tests import wire

ADA = {"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace"}
HOME = {
    "street_address": "1600 Amphitheatre Parkway",
    "city": "Mountain View",
    "state": "CA",
    "country": "US",
    "zip_code": "94043",
}


def basket(**changes: Any) -> dict[str, Any]:
    """A body of POST /checkout/orders: two pairs of sunglasses and a mug, by Ada, to California."""
    whole = {
        "customer": ADA,
        "currency": "USD",
        "items": [{"sku": "OLJCESPC7Z", "quantity": 2}, {"sku": "6E92ZMYYFZ", "quantity": 1}],
        "shipping_address": HOME,
        "payment": {"token": "tok_visa"},
    }
    return whole | changes


SETTLES_WITHIN = 50
"""Turns of deliveries and sweeps."""


class Crash(BaseException):
    """The process is gone: nobody catches this on the way."""


class _Checked(Service):
    """A service whose events are held against docs/asyncapi.json before a broker gets them."""

    def publish(self, events: Sequence[Envelope]) -> None:
        _checked_messages_of(events)
        super().publish(events)


def _checked_messages_of(events: Sequence[Envelope]) -> list[Message]:
    messages = messages_of(topics())(events)
    wire.published(messages)
    return messages


def _exchange(name: str, app: Wsgi, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Pass a request on, and hold it and its answer against the service's document."""
    told: dict[str, Any] = {}

    def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        told.update(status=int(status[:3]), headers=dict(headers))
        start_response(status, headers)

    method, path, body = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["wsgi.input"]
    sent = body.read()
    environ["wsgi.input"] = io.BytesIO(sent)
    answer = b"".join(app(environ, note))
    wire.exchanged(name, method, path, sent, told["status"], told["headers"], answer)
    return [answer]


class InProcess:
    """A started estate; close it. `settings` choose other parts than the embedded ones, as `parts` does for all."""

    parts: ClassVar[dict[str, Any]] = {}
    checks_the_wire: ClassVar[bool] = True
    """Whether every request, answer and event is held against the checked-in documents (`tests/wire.py`)."""

    def __init__(self, data: Path, **settings: Any) -> None:
        self.offset = timedelta()
        self.before: dict[tuple[str, str], Callable[[], None]] = {}
        self.after: dict[tuple[str, str], Callable[[], None]] = {}
        self.requests: list[tuple[str, str]] = []
        own = {"database_prefix": f"e{secrets.token_hex(6)}-", "spans": str(data / "spans"), **self.parts, **settings}
        local = Settings(data=data, issuer="https://online-boutique.local", **own)
        self._settings = replace(local, keys=str(public_keys_file(local)))
        make_keys(self._settings)
        self._start()
        for name in manifest().services:
            seed(name, self.settings)

    def _start(self) -> None:
        self._stop_store: Callable[[], None] = lambda: None
        self.settings = replace(self._settings)  # another object is another process: nothing open is shared
        services: dict[str, Wsgi] = {}
        for name in manifest().services:
            services[name] = self._watched(name, ServiceApp(_Checked(name, self.settings, services, self.clock)))
        self.estate = Estate(self.settings, services, self.clock)
        self.broker = connect_broker(self.settings)
        self._batches = Batches(self.broker, self._push, _checked_messages_of)

    def own_warehouse(self) -> None:
        """Own the analytical store too, as the background process does; only reports and `load_events` need it."""
        self._stop_store = serve(self.settings)

    def clock(self) -> datetime:
        """The machine's time, moved by `offset`."""
        return utc_now() + self.offset

    def restart(self) -> None:
        """End the process without a goodbye and start another on the same data; follow it with `sweep`."""
        self.close()
        self.before.clear()
        self.after.clear()
        self._start()

    def sweep(self) -> None:
        """Run every scheduled function once, and every service's relay."""
        for service in manifest().services.values():
            if service.runs_on == "cloud_run":
                self.run(service.service, "relay_outbox")
            for name, row in service.functions.items():
                if row.schedule:
                    self.run(service.service, name)

    def _watched(self, name: str, app: Wsgi) -> Wsgi:
        def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            route = (name, f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            self.requests.append(route)
            hook = _hook(self.before, route)
            if hook:
                hook()
            answer = (
                _exchange(name, app, environ, start_response) if self.checks_the_wire else app(environ, start_response)
            )
            hook = _hook(self.after, route)
            if hook:
                hook()
            return answer

        return call

    def _push(self, subscription: Any, body: bytes, attributes: dict[str, str]) -> PushResult:
        reply = self.estate.ask("push", subscription.service, "POST", subscription.path, body)
        return PushResult(reply.status, reply.body.decode()[:300])

    def ask(self, caller: str, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Ask `/<service>/…` as a caller."""
        service, _, below = path[1:].partition("/")
        where, _, query = below.partition("?")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = dict(pair.split("=", 1) for pair in query.split("&") if pair)
        return self.estate.ask(caller, service, method, f"/{where}", data, named, headers)

    def get(self, path: str, caller: str = "operator") -> Any:
        """GET as JSON; the answer must be 200."""
        reply = self.ask(caller, "GET", path)
        assert reply.status == 200, (path, reply)
        return json.loads(reply.body)

    def post(self, path: str, body: Any = None, caller: str = "operator", **headers: str) -> tuple[int, Any]:
        """POST; returns status and JSON."""
        reply = self.ask(caller, "POST", path, body or {}, **headers)
        return reply.status, json.loads(reply.body or b"null")

    def place(self, body: dict[str, Any], key: str = "key-1") -> tuple[int, Any]:
        """POST /checkout/orders as the GKE checkout."""
        return self.post("/checkout/orders", body, "gke-checkout", **{"Idempotency-Key": key})

    def run(self, service: str, function: str) -> Any:
        """Run a scheduled function."""
        status, body = self.post(f"/{service}/schedules/{function}", caller="scheduler")
        assert status == 200, body
        return body

    def deliver(self) -> None:
        """Deliver until nothing is due."""
        while self._batches.turn():
            pass

    def settle(self) -> None:
        """Deliver and sweep until nothing is left to deliver: what a sweep emits is an event, too."""
        for _ in range(SETTLES_WITHIN):
            self.deliver()
            self.sweep()
            if not self.broker.backlog():
                return
        raise AssertionError(f"still not settled: {self.broker.subscriptions_report(self.clock())}")

    def close(self) -> None:
        """Give back files."""
        self._stop_store()
        close_brokers()
        close_all()


def _hook(hooks: dict[tuple[str, str], Callable[[], None]], route: tuple[str, str]) -> Callable[[], None] | None:
    for (service, prefix), hook in hooks.items():
        if route[0] == service and route[1].startswith(prefix):
            return hook
    return None
