"""Cloud Run: functions-framework loads a target per service; the target hands its request to the service's edge."""

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Request, Response


def function(service: str) -> "Callable[[Request], Response]":
    """Return the target of a service: a plain function, as functions-framework wants it."""
    gc.disable()  # nothing that is imported is garbage, and looking through it costs 15 ms each time
    from flask import Response  # noqa: PLC0415

    from shared.http.wsgi import service_app  # noqa: PLC0415
    from shared.settings import settings  # noqa: PLC0415
    from shared.telemetry.log import configure  # noqa: PLC0415

    own = settings()
    configure(own.log_level, own.project if own.platform == "cloud" else "")
    app = service_app(service, own)

    def target(request: "Request") -> "Response":
        return Response.from_app(app, request.environ, buffered=True)  # type: ignore[return-value]  # werkzeug says its base class

    target.__name__ = service
    gc.freeze()
    gc.set_threshold(20_000)  # the first request imports its function: that is no garbage either
    gc.enable()
    return target
