"""Azure Functions: a FunctionApp made from a service's rows, and the same app served without Azure's host.

A row becomes one HTTP function that hands its request to the service's edge, so that Azure, Cloud Run and the laptop
answer alike. Keys are not asked for: the edge checks the bearer's token, and Easy Auth does before it in the cloud.
"""

import asyncio
import inspect
import io
import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import azure.functions as func
from azure.functions.decorators.http import HttpTrigger
from azure.functions.http import HttpResponseConverter

from shared.manifest import service_row

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

PREFIX = "/api/"
"""Azure's default route prefix, which host.json repeats: rows of a service on Azure name it, functions don't."""
OWN_ROUTES = {"health": "health", "openapi": "openapi.json", "outstanding": "outstanding"}
"""What every service's edge answers beside its rows: function -> route."""

log = logging.getLogger(__name__)
_PARAMETER = re.compile(r"\\?\{([a-z_]+)\\?\}")
_BARE = ("CONTENT_TYPE", "CONTENT_LENGTH")
_NOT_PASSED = frozenset({"content-length"})


def function_app(service: str, edge: Callable[[], Wsgi] | None = None) -> func.FunctionApp:
    """Return the app of a service: a function per row and own route. `edge` gives what answers them."""
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    answering = cache(edge or (lambda: _service_edge(service)))
    for name, row in service_row(service).functions.items():
        if row.trigger != "http":
            raise ValueError(f"{service}.{name}: on Azure there are HTTP functions only")
        _register(app, name, row.path.removeprefix(PREFIX), row.method, answering)
    for name, route in OWN_ROUTES.items():
        _register(app, name, route, "GET", answering)
    return app


def _service_edge(service: str) -> Wsgi:
    from shared.http.wsgi import service_app  # noqa: PLC0415  (the worker indexes functions before it needs them)
    from shared.settings import settings  # noqa: PLC0415
    from shared.telemetry.log import configure  # noqa: PLC0415

    configure(settings().log_level)
    return service_app(service, settings())


def _register(app: func.FunctionApp, name: str, route: str, method: str, edge: Callable[[], Wsgi]) -> None:
    def handler(req: func.HttpRequest) -> func.HttpResponse:
        return answer(req, edge())

    handler.__name__ = name
    routed = app.route(route=route, methods=[method], auth_level=func.AuthLevel.ANONYMOUS)
    app.function_name(name)(routed(handler))


def answer(req: func.HttpRequest, edge: Wsgi) -> func.HttpResponse:
    """Ask a WSGI callable for the answer to Azure's request; the path is the whole one, `api/` included."""
    told: list[tuple[str, list[tuple[str, str]]]] = []
    body = b"".join(edge(environ_of(req), lambda status, headers, exc_info=None: told.append((status, headers))))
    status, headers = told[-1]
    passed = {name: value for name, value in headers if name.lower() not in _NOT_PASSED}
    media_type = next((value for name, value in headers if name.lower() == "content-type"), None)
    return func.HttpResponse(body, status_code=int(status[:3]), headers=passed, mimetype=media_type)


def environ_of(req: func.HttpRequest) -> Environ:
    """Return Azure's request as a WSGI environment."""
    url, body = urlsplit(req.url), req.get_body()
    environ: Environ = {
        "REQUEST_METHOD": req.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(url.path, "latin-1"),
        "QUERY_STRING": url.query,
        "SERVER_NAME": url.hostname or "localhost",
        "SERVER_PORT": str(url.port or (443 if url.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": url.scheme or "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in req.headers.items():
        variable = name.upper().replace("-", "_")
        environ[variable if variable in _BARE else f"HTTP_{variable}"] = value
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)  # the host has read the chunks
    return environ


@dataclass(frozen=True)
class Route:
    """A function of an app and what it answers to; `methods` is empty for all."""

    pattern: re.Pattern[str]
    methods: frozenset[str]
    parameter: str
    function: Callable[..., Any]
    is_coroutine: bool


def wsgi(app: func.FunctionApp, host_json: Mapping[str, Any]) -> Wsgi:
    """Serve an app over WSGI as Azure's host would: no such path or method is 404, a function that raises is 500.

    Works once per app, as `get_functions` does.
    """
    prefix = host_json.get("extensions", {}).get("http", {}).get("routePrefix", "api").strip("/")
    routes = _routes(app, prefix)

    def serve(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path, method = environ.get("PATH_INFO") or "/", environ["REQUEST_METHOD"]
        for route in routes:
            match = route.pattern.fullmatch(path)
            if match and (not route.methods or method in route.methods):
                return _send(_invoked(route, environ, match.groupdict()), start_response)
        return _send(_refused(HTTPStatus.NOT_FOUND, "not_found", "there is no such function"), start_response)

    return serve


def _routes(app: func.FunctionApp, prefix: str) -> list[Route]:
    """Compile the routes, literal ones first. Literals match in any case, as ASP.NET's routing does."""
    found = []
    for function in app.get_functions():
        trigger, target = function.get_trigger(), function.get_user_function()
        if not isinstance(trigger, HttpTrigger):
            continue
        path = "/".join(part for part in (prefix, trigger.route) if part)
        pattern = re.compile("/" + _PARAMETER.sub(r"(?P<\1>[^/]+)", re.escape(path)) + "/?", re.IGNORECASE)
        methods = frozenset(str(getattr(method, "value", method)) for method in trigger.methods or ())
        found.append(Route(pattern, methods, trigger.name, target, inspect.iscoroutinefunction(target)))
    return sorted(found, key=lambda route: route.pattern.groups)


def _invoked(route: Route, environ: Environ, parameters: dict[str, str]) -> func.HttpResponse:
    try:
        returned = route.function(**{route.parameter: request_of(environ, parameters)})
        answered = asyncio.run(returned) if route.is_coroutine else returned
    except Exception:
        log.exception("a function raised")
        return _refused(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "This is our mistake.")
    return answered if isinstance(answered, func.HttpResponse) else func.HttpResponse(answered)


def request_of(environ: Environ, parameters: Mapping[str, str]) -> func.HttpRequest:
    """Return a WSGI request as Azure's; without Content-Length its body is empty, as the host has it."""
    headers = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    headers |= {name.replace("_", "-"): environ[name] for name in _BARE if environ.get(name)}
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    query = environ.get("QUERY_STRING", "")
    path = quote(environ.get("PATH_INFO") or "/", encoding="latin-1")
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return func.HttpRequest(
        environ["REQUEST_METHOD"],
        f"{environ['wsgi.url_scheme']}://{host}{path}{'?' if query else ''}{query}",
        headers=headers,
        params=dict(parse_qsl(query)),
        route_params=dict(parameters),
        body=environ["wsgi.input"].read(length) if length else b"",
    )


def _refused(status: HTTPStatus, code: str, detail: str) -> func.HttpResponse:
    problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "code": code, "detail": detail}
    return func.HttpResponse(json.dumps(problem), status_code=status.value, mimetype="application/problem+json")


def _send(response: func.HttpResponse, start_response: Callable[..., Any]) -> list[bytes]:
    """Write a response by the encoding that Azure's worker uses."""
    encoded = HttpResponseConverter.encode(response, expected_type=None).value
    status, body = int(encoded["status_code"].value), encoded["body"].value
    headers = [(name, value.value) for name, value in encoded["headers"].items()]
    headers += [("Set-Cookie", cookie.output(header="").strip()) for cookie in encoded["cookies"] or ()]
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    start_response(f"{status} {phrase}", [*headers, ("Content-Length", str(len(body)))])
    return [body]
