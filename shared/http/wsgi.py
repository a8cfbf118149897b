"""The HTTP edge of one service: a WSGI callable that Cloud Run, Azure Functions and the laptop serve alike."""

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from shared.errors import BoutiqueError, Unavailable
from shared.http.authentication import SIGNED_IN, Authenticator
from shared.http.invocation import Invocation, answer_request
from shared.http.models import HTML, PAGE_HEADERS, RENDERINGS, Caller
from shared.http.problem import internal, page_of, problem
from shared.http.request import Environ, Request, Response, StartResponse
from shared.http.routes import Router
from shared.http.service import Service
from shared.settings import Settings
from shared.storage.durability import current_scope, scope
from shared.telemetry.about import about, note_order, note_route
from shared.telemetry.telling import telling
from shared.telemetry.trace import span

if TYPE_CHECKING:
    from shared.http.events import EventDoor

log = logging.getLogger(__name__)


class ServiceApp:
    """Serves one service's functions. Every error is problem+json; nothing is done after the answer."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._telling = telling(service.settings)
        self._router = Router(service.row.functions)
        self._authenticate = Authenticator(service.name, service.settings, service.clock)
        self._prefix = "/api" if service.row.runs_on == "azure_functions" else ""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, durably: commits are safe and events published before the first byte leaves."""
        request = Request(environ)
        parent, began, ticked = request.header("traceparent"), self.service.clock(), time.perf_counter()
        with span(parent) as own, about(self.service.name, own, parent) as known:
            try:
                with scope(self.service.publish):
                    response = self._respond(request)
            except Exception:
                log.exception("what the answer rests on could not be made safe")
                response = problem(Unavailable("the outcome is not known; ask again"))
            ms = round((time.perf_counter() - ticked) * 1000, 3)
            ended = own, known, request.method, response.status, response.body, began, ms
            outer = current_scope()
            if outer is not None and outer.is_batch:  # what this tells of is not committed yet
                outer.hold(self._telling.tell_held, ended)
            else:
                self._telling.tell(ended)
                if outer is None:  # else whoever began the work writes it all at once
                    self._telling.flush()
        return response.send(start_response, with_body=request.wants_body)

    def _respond(self, request: Request) -> Response:
        try:
            return self._dispatch(request)
        except BoutiqueError as error:
            return self._told(problem(error), request)
        except Exception:
            reference = secrets.token_hex(8)
            log.exception("%s failed (%s)", request.method, reference)
            return self._told(internal(reference), request)

    def _told(self, found: Response, request: Request) -> Response:
        """Tell a person who looks at pages what went wrong on a page, too."""
        return page_of(found) if self.service.row.signs_in and HTML in (request.header("accept") or "") else found

    def _dispatch(self, request: Request) -> Response:
        path = request.path.removeprefix(self._prefix) if self._prefix else request.path
        own = _OWN_ROUTES.get((request.method, path))
        if own:
            note_route(path)
            return own(self, request)
        if request.method == "POST" and path.startswith("/events/"):
            return self._events.take(
                path.removeprefix("/events/"), request, self._caller(request, ("push", "operator"))
            )
        if request.method == "POST" and path.startswith("/dry-run/"):
            caller = self._caller(request, ("operator",))
            from shared.http.dry_run import dry_run  # noqa: PLC0415  (few processes are asked)

            return dry_run(self.service, path.removeprefix("/dry-run/"), request, caller)
        if request.method == "POST" and path.startswith("/schedules/"):
            caller = self._caller(request, ("scheduler", "operator"))
            from shared.http.schedules import run_schedule  # noqa: PLC0415  (few processes are asked)

            return run_schedule(self.service, path.removeprefix("/schedules/"), request, caller)
        return self._route(request)

    @cached_property
    def _events(self) -> "EventDoor":
        from shared.http.events import EventDoor  # noqa: PLC0415  (only a process that events are pushed to)

        return EventDoor(self.service)

    def _caller(self, request: Request, allowed: tuple[str, ...]) -> Caller:
        if self.service.row.signs_in in allowed and (assertion := request.header(SIGNED_IN)):
            return self._authenticate.person(assertion, str(self.service.row.signs_in))
        sent = request.header("authorization"), allowed, request.header("x-serverless-authorization")
        return self._authenticate.caller(*sent)

    def _admitted(self, request: Request, callers: tuple[str, ...]) -> Caller:
        """Return who calls a route; without a token only where the service's row admits its caller by network alone."""
        unnamed = self.service.row.admitted_as(callers)
        if unnamed and request.header("authorization") is None:
            return Caller(unnamed)
        return self._caller(request, callers)

    def _route(self, request: Request) -> Response:
        name, path_parameters = self._router.find(request.method, request.path)
        capability = self.service.capability(name)
        note_route(capability.row.path)
        caller = self._admitted(request, capability.row.callers)
        arguments = capability.read_parameters(path_parameters, request.query())
        if capability.body is not None:
            media_type = request.media_type(*capability.media_types)
            arguments[capability.body[0]] = body = capability.read_body(request.body(), media_type)
            note_order(getattr(body, "order_id", None))
        note_order(path_parameters.get("order_id"))
        invocation = Invocation(capability, self.service, self.service.clock(), caller, arguments)
        result, stored = answer_request(invocation, request.path, request.header("idempotency-key"))
        note_order(getattr(result, "order_id", None))
        return stored or _written(result, capability.row.answers, request)

    def _health(self, request: Request) -> Response:
        return Response(200, json.dumps({"service": self.service.name, "status": "ok"}).encode())

    def _openapi(self, request: Request) -> Response:
        from shared.http.openapi import document  # noqa: PLC0415  (imports every function of the service)

        return Response(200, json.dumps(document(self.service.row, self.service.capability)).encode())

    def _outstanding(self, request: Request) -> Response:
        self._caller(request, ("operator",))
        return Response(200, json.dumps(self.service.outstanding()).encode())


_OWN_ROUTES: Mapping[tuple[str, str], Callable[[ServiceApp, Request], Response]] = {
    ("GET", "/health"): ServiceApp._health,
    ("GET", "/openapi.json"): ServiceApp._openapi,
    ("GET", "/outstanding"): ServiceApp._outstanding,
}


def _written(result: Any, status: int, request: Request) -> Response:
    if result is None:
        return Response(204)
    status = getattr(result, "answers", None) or status
    accept = request.header("accept") or ""
    if HTML in accept and hasattr(result, "see_other"):
        return Response(303, headers=[("Location", result.see_other)])
    for media_type, method in RENDERINGS.items():
        if media_type in accept and hasattr(result, method):
            body = getattr(result, method)()
            if isinstance(body, bytes):
                return Response(status, body, media_type)
            headers = list(PAGE_HEADERS) if media_type == HTML else []
            return Response(status, body.encode(), f"{media_type}; charset=utf-8", headers)
    return Response(status, result.model_dump_json().encode())


@lru_cache
def service_app(name: str, settings: Settings) -> ServiceApp:
    """Return this process's edge of a service that has no neighbours in its process."""
    return ServiceApp(Service(name, settings))
