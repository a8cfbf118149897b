"""The fraud function app on a laptop.

Loaded as Azure's host loads it, served over WSGI through the real azure.functions objects.
"""

import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from shared.calls.transport import Wsgi
from shared.hosts.azure import wsgi
from shared.http.request import Environ, StartResponse

_FUNCTIONS = Path(__file__).parents[3] / "functions"
OWN_ROUTES = ("/health", "/openapi.json", "/outstanding")
"""What the laptop serves at the service's root, and Azure below its route prefix."""


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
