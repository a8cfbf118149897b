"""The door of dry runs: what a pushed message would do in this service, by running its function and keeping nothing.

`POST /dry-run/{function}` takes the body that `POST /events/{function}` takes. It is another path and not a parameter,
so that a revision that knows no dry runs refuses it instead of applying the event.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, NoReturn

from shared.errors import BoutiqueError, NotFound
from shared.http.capability import Capability
from shared.http.events import read_message
from shared.http.invocation import Invocation, apply_event, reason
from shared.http.models import Answer, Caller
from shared.http.push import PushedMessage, read_push
from shared.http.records import HandledRecord
from shared.http.request import Request, Response
from shared.http.service import Service
from shared.storage.dry_run import DryDatabase
from shared.telemetry.about import note_route

Outcome = Literal["applied_before", "would_be_applied", "would_be_refused", "would_be_retried", "unwanted"]
_PLAIN = (
    *(bool, int, float, str, bytes, Decimal, date, datetime, timedelta, Enum, type(None)),
    *(tuple, list, dict, set, frozenset),
)


class Changed(Answer):
    """What would become of one document of this service."""

    collection: str
    key: str
    change: Literal["created", "changed", "deleted"]


class Emitted(Answer):
    """An event that would be published."""

    type: str
    subject: str


class DryRun(Answer):
    """What a message would do. It ends at the first effect outside this service, which `outside` names.

    `applied_before`: `known_by` says by which: the function's handled record, or its own documents (natural keys).
    `would_be_refused` means the dead letters again, with `code` and `detail`; `would_be_retried` that others are not
    ready. `unwanted`: acknowledged without effect.
    """

    outcome: Outcome
    known_by: Literal["handled_record", "natural_keys"] | None = None
    code: str | None = None
    detail: str | None = None
    changes: list[Changed] = []
    events: list[Emitted] = []
    outside: str | None = None


class Outside(BaseException):
    """The run has come to where something would leave the service. Nobody on the way may take it for an error."""


class _Part:
    """A port, or a part of one: what it knows may be read, what it does ends the run."""

    def __init__(self, real: Any, name: str) -> None:
        self._real, self._name = real, name

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._real, name)
        if isinstance(value, _PLAIN):
            return value
        return _refusing(f"{self._name}.{name}") if callable(value) else _Part(value, f"{self._name}.{name}")


def _refusing(what: str) -> Callable[..., NoReturn]:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise Outside(what)

    return refuse


class _Calls:
    """Calls of a dry run: it may look (GET), and ends where it would do something."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def get(self, *arguments: Any, **options: Any) -> Any:
        return self._real.get(*arguments, **options)

    def post(self, service: str, path: str, *_: Any, **__: Any) -> NoReturn:
        raise Outside(f"POST /{service}{path}")

    def together(self, *tasks: Callable[[], Any]) -> list[Any]:
        return [task() for task in tasks]


class _Host:
    """What a dry run's function is given: the service's own things, none of which can do harm."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.database = DryDatabase(service.database)

    def provide(self, what: str) -> Any:
        found = self._service.provide(what)
        return _Calls(found) if what == "call" else found

    def port(self, kind: type[Any]) -> Any:
        return _Part(self._service.port(kind), kind.__name__)


def dry_run(service: Service, function: str, request: Request, caller: Caller) -> Response:
    """Answer what a push body would do here; NotFound if this is no event function, BadRequest if that is no push."""
    row = service.row.functions.get(function)
    if row is None or not row.event:
        raise NotFound(f"{service.name} has no event function {function!r}")
    capability = service.capability(function)
    note_route(f"/dry-run/{function}")
    message = read_push(request.body())
    wanted = "*" in row.event or message.attributes.get("ce-type") in row.event
    if ("ce-type" in message.attributes) is row.raw or not (wanted or row.raw):
        found = DryRun(outcome="unwanted")
    else:
        found = _tried(service, capability, message, caller)
    return Response(200, found.model_dump_json().encode())


def _tried(service: Service, capability: Capability, message: PushedMessage, caller: Caller) -> DryRun:
    host, outside = _Host(service), None
    try:
        arguments, given, event_id = read_message(capability, message)
        invocation = Invocation(capability, host, service.clock(), caller, arguments)
        if not apply_event(invocation, event_id, given):
            return DryRun(outcome="applied_before", known_by="handled_record")
    except Outside as effect:
        outside = str(effect)
    except Exception as error:
        code, detail = reason(error)
        again = isinstance(error, BoutiqueError) and error.retryable
        return DryRun(outcome="would_be_retried" if again else "would_be_refused", code=code, detail=detail)
    changes = host.database.changes(apart_from=HandledRecord)
    events = host.database.events
    if not (outside or changes or events):
        return DryRun(outcome="applied_before", known_by="natural_keys")
    return DryRun(
        outcome="would_be_applied",
        changes=[Changed(collection=each.kind.collection, key=each.key, change=each.change) for each in changes],
        events=[Emitted(type=each.type, subject=each.subject) for each in events],
        outside=outside,
    )
