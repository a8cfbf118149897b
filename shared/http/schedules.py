"""The door of schedules: `POST /schedules/{function}` with optional `{"now": …}` runs a scheduled function."""

import json
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import NotFound
from shared.http.housekeeping import RUN
from shared.http.invocation import Invocation
from shared.http.models import Caller
from shared.http.problem import invalid
from shared.http.request import Request, Response
from shared.http.service import Service
from shared.telemetry.about import note_route
from shared.values.clock import Timestamp

_FROM, _UNTIL = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Ids name times since 1970, and what is reckoned from `now` must have a year too."""


class _When(BaseModel):
    model_config = ConfigDict(extra="forbid", defer_build=True)

    now: Annotated[Timestamp, Field(ge=_FROM, lt=_UNTIL)] | None = None


def run_schedule(service: Service, function: str, request: Request, caller: Caller) -> Response:
    """Run a scheduled function of this service, or one of the housekeeping every service has."""
    try:
        now = _When.model_validate_json(request.body() or b"{}").now or service.clock()
    except ValidationError as failure:
        raise invalid(failure) from None
    if function in RUN or function in service.row.functions:
        note_route(f"/schedules/{function}")
    if function in RUN and service.row.runs_on == "cloud_run":
        return Response(200, json.dumps(RUN[function](service, now)).encode())
    row = service.row.functions.get(function)
    if row is None or not row.schedule:
        raise NotFound(f"{service.name} has no scheduled function {function!r}")
    result = Invocation(service.capability(function), service, now, caller).run()
    return Response(200, result.model_dump_json().encode() if result is not None else b"{}")
