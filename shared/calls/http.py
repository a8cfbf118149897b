"""Calls over HTTP: straight into the other service's WSGI callable when it lives in this process, else by `requests`.

Both ways carry the same token, trace and bytes, and pass the same checks on the other side.
"""

import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel
from pydantic_core import to_json

from shared.calls.answers import read_answer
from shared.calls.breaker import Breaker
from shared.calls.tokens import Tokens, connect_tokens, from_metadata
from shared.calls.transport import Reply, Wsgi, in_process, over_socket
from shared.errors import CallFailed
from shared.settings import Settings
from shared.storage.guard import leaving, no_transaction
from shared.telemetry.spans import spans_of, unanswered
from shared.telemetry.trace import current_traceparent
from shared.values.clock import Clock

if TYPE_CHECKING:
    from shared.calls.entra import EntraTokens

A = TypeVar("A", bound=BaseModel)
ATTEMPTS = 3
_FIRST_PAUSE_S = 0.05
_SIDE_BY_SIDE = 8


class HttpCalls:
    """The Calls port of one service."""

    def __init__(self, caller: str, settings: Settings, neighbours: Mapping[str, Wsgi], clock: Clock) -> None:
        self._caller, self._settings, self._neighbours, self._clock = caller, settings, neighbours, clock
        self._tokens: Tokens = connect_tokens(caller, settings, clock)
        self._entra: Mapping[str, EntraTokens] = {}
        if settings.entra_scopes:
            from shared.calls.entra import connect_entra  # noqa: PLC0415  (only who calls a service on Azure)

            self._entra = connect_entra(settings, lambda audience: from_metadata(settings, audience), clock)
        self._breakers: dict[str, Breaker] = {}
        self._pool: ThreadPoolExecutor | None = None

    def get(self, service: str, path: str, answer: type[A], *, deadline_s: float = 5.0, **params: Any) -> A:
        """GET, retried within the deadline."""
        known = {name: str(value) for name, value in params.items() if value is not None}
        return self._ask(
            service,
            path,
            answer,
            lambda left: self._send(service, "GET", path, known, None, {}, left),
            True,
            deadline_s,
        )

    def post(
        self,
        service: str,
        path: str,
        body: BaseModel | Mapping[str, Any],
        answer: type[A],
        *,
        key: str | None = None,
        repeatable: bool = True,
        deadline_s: float = 5.0,
    ) -> A:
        """POST; retried within the deadline if `repeatable`."""
        data = body.model_dump_json(exclude_none=True).encode() if isinstance(body, BaseModel) else to_json(body)
        headers = {"Idempotency-Key": key} if key else {}
        return self._ask(
            service,
            path,
            answer,
            lambda left: self._send(service, "POST", path, {}, data, headers, left),
            repeatable,
            deadline_s,
        )

    def together(self, *tasks: Callable[[], Any]) -> list[Any]:
        """Run calls side by side when they may go over sockets, in turn when all services live here."""
        if self._neighbours or len(tasks) < 2:
            return [task() for task in tasks]
        leaving("calls side by side")
        if self._pool is None:
            self._pool = ThreadPoolExecutor(_SIDE_BY_SIDE, "calls")
        futures = [self._pool.submit(copy_context().run, task) for task in tasks]
        failures = [future.exception() for future in futures]
        for failure in failures:
            if failure is not None:
                raise failure
        return [future.result() for future in futures]

    def _ask(
        self,
        service: str,
        path: str,
        answer: type[A],
        send: Callable[[float], Reply],
        repeatable: bool,
        deadline_s: float,
    ) -> A:
        breaker = self._breakers.setdefault(service, Breaker(time.monotonic))
        until = time.monotonic() + deadline_s
        for attempt in range(1, ATTEMPTS + 1):
            breaker.before(service)
            began, ticked = self._clock(), time.monotonic()
            try:
                found = read_answer(send(until - time.monotonic()), answer, service, path)
            except CallFailed:
                breaker.failed()
                took_ms = round((time.monotonic() - ticked) * 1000, 3)
                unanswered(spans_of(self._settings), self._caller, service, began, took_ms)
                pause = _FIRST_PAUSE_S * 2 ** (attempt - 1) * (0.5 + random.random())
                if not repeatable or attempt == ATTEMPTS or time.monotonic() + pause >= until:
                    raise
                time.sleep(pause)
            except Exception:
                breaker.succeeded()  # an answer of 4xx is an answer
                raise
            else:
                breaker.succeeded()
                return found
        raise CallFailed(f"{service} did not answer")

    def _send(
        self,
        service: str,
        method: str,
        path: str,
        query: dict[str, str],
        body: bytes | None,
        headers: dict[str, str],
        left: float,
    ) -> Reply:
        address = self._settings.address(service)
        token, left = self._token(service, address, left)
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", **headers}
        traceparent = current_traceparent()
        if traceparent:
            headers["traceparent"] = traceparent
        if body is not None:
            headers["Content-Type"] = "application/json"
        app = self._neighbours.get(service)
        if app is not None:
            no_transaction(f"a call to {service}")
            return in_process(app, method, path, query, body, headers, left)
        leaving(f"a call to {service}")
        return over_socket(f"{address}{path}", method, query, body, headers, left)

    def _token(self, service: str, address: str, left: float) -> tuple[str, float]:
        """Return what proves who calls, Google's token or Entra's for a service on Azure, and the seconds left then."""
        entra = self._entra.get(service)
        if entra is None:
            return self._tokens.token(address), left
        until = time.monotonic() + left
        return entra.token(left), until - time.monotonic()
