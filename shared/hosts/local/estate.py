"""Every service of the estate as a WSGI callable: in this process, or behind a socket of its own process."""

import gc
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any
from urllib.parse import quote

from shared.calls.signer import Signer, signer_of
from shared.calls.transport import Reply, Wsgi, in_process, over_socket
from shared.errors import BoutiqueError
from shared.http.problem import problem
from shared.http.request import Environ, Request, StartResponse
from shared.http.service import Service
from shared.http.wsgi import ServiceApp
from shared.manifest import manifest
from shared.settings import Settings
from shared.values.clock import Clock, utc_now

PASSED_ON = ("authorization", "content-type", "idempotency-key", "accept", "traceparent")
_PROXY_DEADLINE_S = 60.0


class Estate:
    """All services by name, and the identities of those who act on the estate's behalf."""

    def __init__(self, settings: Settings, services: Mapping[str, Wsgi], clock: Clock = utc_now) -> None:
        self.settings, self.services, self._clock = settings, services, clock
        signer = signer_of(settings)
        if signer is None:
            raise RuntimeError(f"no signing key below {settings.data}; start with python -m shared.hosts.local")
        self.signer: Signer = signer
        self._answered = False

    @lru_cache(maxsize=64)  # noqa: B019  (one estate a process)
    def _token(self, caller: str, audience: str, hour: int) -> str:
        return self.signer.token(caller, audience, self._clock())

    def answers(self) -> bool:
        """Whether every service is loaded and answers; the first success is remembered."""
        if not self._answered:
            self._answered = all(self.ask("operator", name, "GET", "/health").status == 200 for name in self.services)
        return self._answered

    def ask(
        self,
        caller: str,
        service: str,
        method: str,
        path: str,
        body: bytes = b"",
        query: dict[str, str] | None = None,
        more: dict[str, str] | None = None,
    ) -> Reply:
        """Call a service as `caller` ("push", "scheduler", "operator"), by the same way and checks as anybody."""
        half_hour = int(self._clock().timestamp()) // 1800
        token = self._token(caller, self.settings.address(service), half_hour)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **(more or {})}
        app = self.services[service]
        return in_process(app, method, path, query or {}, body, headers, _PROXY_DEADLINE_S)


def in_one_process(settings: Settings) -> Estate:
    """Return the estate with all services in this process, fraud through the real azure.functions objects."""
    services: dict[str, Wsgi] = {}
    for name, row in manifest().services.items():
        if row.runs_on == "azure_functions":
            services[name] = _azure(name)
        else:
            services[name] = ServiceApp(Service(name, settings, services))
    return Estate(settings, services)


def warm_up(estate: Estate) -> None:
    """Import every function of the estate, so that no first request waits for it."""
    for app in estate.services.values():
        if isinstance(app, ServiceApp):
            for name in app.service.row.functions:
                app.service.capability(name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def behind_sockets(settings: Settings) -> Estate:
    """Return the estate with every service in a process of its own, at its address of the settings."""
    return Estate(settings, {name: proxy(settings.address(name)) for name in manifest().services})


def _azure(name: str) -> Wsgi:
    made: list[Wsgi] = []
    making = Lock()

    def first_use(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with making:
            if not made:
                from shared.hosts.local.azure import azure_service  # noqa: PLC0415

                made.append(azure_service(name))
        return made[0](environ, start_response)

    return first_use


def proxy(address: str) -> Wsgi:
    """Return a WSGI callable that passes requests on to a service at an address."""

    def passed_on(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        known = {name: request.header(name) for name in PASSED_ON}
        headers = {name: value for name, value in known.items() if value is not None}
        url = f"{address}{quote(request.path)}"
        query = environ.get("QUERY_STRING")
        try:
            url = f"{url}?{query}" if query else url
            reply = over_socket(url, request.method, {}, request.body(), headers, _PROXY_DEADLINE_S)
        except BoutiqueError as error:  # too large, no number as its length; or nobody answers
            return problem(error).send(start_response, with_body=request.wants_body)
        relayed = _relayed(reply, start_response)
        return relayed if request.wants_body else []

    return passed_on


def _relayed(reply: Reply, start_response: Callable[..., Any]) -> list[bytes]:
    headers = [("Content-Length", str(len(reply.body))), *reply.headers]
    start_response(f"{reply.status} Passed On", headers)
    return [reply.body]
