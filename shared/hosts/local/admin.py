"""The estate's own routes below `/-/`.

Health, the manifest, subscriptions, dead letters, idle, publishing and schedules.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from shared.errors import NotFound
from shared.hosts.local.desk import Desk
from shared.hosts.local.estate import Estate
from shared.hosts.local.identity import serve_keys
from shared.hosts.local.idle import outstanding
from shared.hosts.local.publishing import publish
from shared.hosts.local.replays import Replays
from shared.http.authentication import Authenticator
from shared.http.housekeeping import HOUSEKEEPING
from shared.http.request import Request, Response
from shared.manifest import ServiceRow, manifest
from shared.values.clock import utc_now

Body = dict[str, Any]


_EFFECTS = "/-/effects/"


class Admin:
    """Answers `/-/…`; every POST needs caller `operator`."""

    def __init__(self, estate: Estate, broker: Desk, health: Callable[[], Body]) -> None:
        self._estate, self._broker, self._health = estate, broker, health
        self._authenticate = Authenticator("-", estate.settings, utc_now)
        replays = Replays(estate, broker)
        self._replays: Mapping[str, Callable[[Request], Body]] = {
            "/-/dead-letters/replay": replays.dead_letters,
            "/-/archive/replay": replays.archive,
        }
        self._reads: Mapping[str, Callable[[], Body]] = {
            "/-/services": lambda: manifest().model_dump(mode="json", exclude_none=True),
            "/-/subscriptions": lambda: {"items": broker.subscriptions_report(utc_now())},
            "/-/dead-letters": lambda: {"items": broker.dead_letters(1000)},
        }

    def answer(self, request: Request) -> Response:
        """Answer one request; errors are raised."""
        path = request.path
        if request.method == "GET":
            return self._effects(request) if path.startswith(_EFFECTS) else self._read(path)
        if request.method != "POST":
            raise NotFound(f"there is no route {request.method} {path}")
        self._authenticate.caller(request.header("authorization"), ("operator",))
        if path in self._replays:
            return _json(self._replays[path](request))
        parts = path.split("/")[2:]
        if len(parts) == 3 and parts[0] == "topics" and parts[2] == "publish":
            return publish(self._broker, parts[1], request)
        if len(parts) == 3 and parts[0] == "schedules":
            return self._schedule(parts[1], parts[2], request)
        raise NotFound(f"there is no route {request.method} {path}")

    def _read(self, path: str) -> Response:
        if path == "/-/health":
            health = self._health()
            return _json(health, 200 if health["status"] == "ready" else 503)
        if path == "/-/idle":
            found = outstanding(self._estate, self._broker)
            return _json({"idle": not found, "outstanding": found}, 409 if found else 200)
        if path == "/-/jwks.json":
            return serve_keys(self._estate.settings)
        if path == "/-/asyncapi.json":
            from shared.messaging.asyncapi import document  # noqa: PLC0415  (imports every event)

            return _json(document(manifest()))
        if path not in self._reads:
            raise NotFound(f"there is no route GET {path}")
        return _json(self._reads[path]())

    def _effects(self, request: Request) -> Response:
        from shared.hosts.local.effects.answer import answer  # noqa: PLC0415  (few ask)

        return answer(request.path.removeprefix(_EFFECTS), request.header("accept") or "", self._estate, self._broker)

    def _schedule(self, service: str, function: str, request: Request) -> Response:
        row = manifest().services.get(service)
        if row is None or not _is_scheduled(row, function):
            raise NotFound(f"there is no scheduled function {service}/{function}")
        reply = self._estate.ask("scheduler", service, "POST", f"/schedules/{function}", request.body())
        return Response(reply.status, reply.body, dict(reply.headers).get("Content-Type", "application/json"))


def _is_scheduled(row: ServiceRow, function: str) -> bool:
    if function in HOUSEKEEPING:
        return row.runs_on == "cloud_run"
    return function in row.functions and row.functions[function].schedule is not None


def _json(body: Body, status: int = 200) -> Response:
    return Response(status, json.dumps(body, default=str).encode())
