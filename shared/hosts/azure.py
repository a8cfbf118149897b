"""Azure Functions: a FunctionApp made from a service's rows.

A row becomes one HTTP function that hands its request to the service's edge, so that Azure, Cloud Run and the laptop
answer alike. Keys are not asked for: the edge checks the bearer's token, and Easy Auth does before it in the cloud.
"""

import io
import logging
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from threading import Lock, Thread
from typing import Any
from urllib.parse import unquote, urlsplit

import azure.functions as func

from shared.manifest import service_row
from shared.settings import settings

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
    """Return the app of a service: a function per row and own route. `edge` gives what answers them.

    On Azure the edge is made while the worker indexes: whoever comes first waits for less.
    """
    app = func.FunctionApp(http_auth_level=func.AuthLevel.ANONYMOUS)
    answering = _once(edge or (lambda: _service_edge(service)))
    for name, row in service_row(service).functions.items():
        if row.trigger != "http":
            raise ValueError(f"{service}.{name}: on Azure there are HTTP functions only")
        _register(app, name, row.path.removeprefix(PREFIX), row.method, answering)
    for name, route in OWN_ROUTES.items():
        _register(app, name, route, "GET", answering)
    if edge is None and settings().platform == "cloud":
        Thread(target=answering, name="edge", daemon=True).start()
    return app


def _once(make: Callable[[], Wsgi]) -> Callable[[], Wsgi]:
    """Return what makes a thing when it is first asked for, once, however many ask at once."""
    making = Lock()
    made = cache(make)

    def get() -> Wsgi:
        with making:
            return made()

    return get


def _service_edge(service: str) -> Wsgi:
    import shared.http.identity_token  # noqa: F401, PLC0415  (the worker indexes functions before it needs any of these)
    from shared.http.wsgi import service_app  # noqa: PLC0415
    from shared.telemetry.log import configure  # noqa: PLC0415

    configure(settings().log_level)
    app = service_app(service, settings())
    for name in app.service.row.functions:  # whoever asks for a score waits 800 ms at most, imports included
        for port in app.service.capability(name).ports.values():
            app.service.port(port)
    return app


def _register(app: func.FunctionApp, name: str, route: str, method: str, edge: Callable[[], Wsgi]) -> None:
    def handler(req: func.HttpRequest) -> func.HttpResponse:
        return answer(req, edge())

    handler.__name__ = name
    routed = app.route(
        route=route, methods=["GET", "HEAD"] if method == "GET" else [method], auth_level=func.AuthLevel.ANONYMOUS
    )
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
        "REQUEST_METHOD": "GET" if req.method == "HEAD" else req.method,  # the host leaves out the body of its answer
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
