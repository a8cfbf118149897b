"""The fraud function app on a laptop.

Loaded as Azure's host loads it, served over WSGI through the real azure.functions objects.
"""

import asyncio
import inspect
import json
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import azure.functions as func
from azure.functions.decorators.http import HttpTrigger
from azure.functions.http import HttpResponseConverter

from shared.calls.transport import Wsgi
from shared.http.request import Environ, StartResponse

_FUNCTIONS = Path(__file__).parents[3] / "functions"
OWN_ROUTES = ("/health", "/openapi.json", "/outstanding")
"""What the laptop serves at the service's root, and Azure below its route prefix."""

log = logging.getLogger(__name__)
_PARAMETER = re.compile(r"\\?\{([a-z_]+)\\?\}")
_BARE = ("CONTENT_TYPE", "CONTENT_LENGTH")


def azure_service(name: str) -> Wsgi:
    """Return a function app as a WSGI callable."""
    module = import_module(f"functions.{name}.function_app")
    host = json.loads((_FUNCTIONS / name / "host.json").read_text(encoding="utf-8"))
    prefix = host["extensions"]["http"]["routePrefix"]
    serve = wsgi(module.app, host)

    def service(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in OWN_ROUTES:
            environ = {**environ, "PATH_INFO": f"/{prefix}{environ['PATH_INFO']}"}
        return serve(environ, start_response)

    return service


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
                sent = _send(_invoked(route, environ, match.groupdict()), start_response)
                return [] if method == "HEAD" else sent
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
