"""A capability: the typed function behind a row, and where each of its parameters comes from."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib import import_module
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from shared.calls import Calls
from shared.errors import BoutiqueError, Invalid
from shared.events import Envelope, Event
from shared.http.models import Caller, Command, Receipt
from shared.http.problem import invalid
from shared.http.request import CSV, FORM, JSON
from shared.manifest import FunctionRow
from shared.settings import Settings
from shared.storage import Database, Transaction
from shared.storage.instances import Instance

INJECTED: dict[Any, str] = {
    Transaction: "tx",
    Database: "db",
    Calls: "call",
    Receipt: "receipt",
    Caller: "caller",
    datetime: "now",
    Settings: "settings",
    Instance: "instance",
    Envelope: "envelope",
}


_READERS = {CSV: "from_csv", FORM: "from_form"}
"""What a body may be beside JSON: the method of its model that reads it."""


class BadSignature(TypeError):
    """A defect, found when the function is loaded: its signature doesn't fit its row."""


@dataclass
class Capability:
    """A function, its row, and the plan by which it is called."""

    name: str
    row: FunctionRow
    function: Callable[..., Any]
    injected: dict[str, str] = field(default_factory=dict)
    """Parameter -> what the host provides (a value of INJECTED)."""
    ports: dict[str, type[Any]] = field(default_factory=dict)
    """Parameter -> a port of the service's own: a class with `connect(settings)`."""
    parameters: dict[str, TypeAdapter[Any]] = field(default_factory=dict)
    """Path and query parameter -> its type."""
    required: frozenset[str] = frozenset()
    body: tuple[str, type[Command]] | None = None
    event: tuple[str, dict[str, type[Event]]] | None = None

    @cached_property
    def uses(self) -> frozenset[str]:
        """What the host must provide."""
        return frozenset(self.injected.values())

    @cached_property
    def answers(self) -> Any:
        """The return annotation."""
        return get_type_hints(self.function).get("return")

    @cached_property
    def media_types(self) -> tuple[str, ...]:
        """What the body may be beside JSON: CSV or a form, if it says how it is read."""
        if self.body is None:
            return ()
        return tuple(media_type for media_type, reader in _READERS.items() if hasattr(self.body[1], reader))

    def read_body(self, raw: bytes, media_type: str = JSON) -> Command | None:
        """Validate the body; Invalid or BadRequest by field. A missing body is read as {}."""
        if self.body is None:
            return None
        try:
            if media_type in _READERS:
                read: Command = getattr(self.body[1], _READERS[media_type])(raw)
                return read
            return self.body[1].from_json(raw or b"{}")
        except ValidationError as failure:
            raise invalid(failure) from None

    def read_parameters(self, path: dict[str, str], query: dict[str, str]) -> dict[str, Any]:
        """Validate path and query parameters; Invalid by name, also for unknown ones."""
        given = {**query, **path}
        unknown = [name for name in query if name not in self.parameters or name in path]
        missing = [name for name in self.required if name not in given]
        errors = [(name, "is not known here; leave it out") for name in unknown] + [
            (name, "is required") for name in missing
        ]
        values = {}
        for name in given.keys() & self.parameters.keys():
            try:
                values[name] = self.parameters[name].validate_python(given[name])
            except ValidationError as failure:
                found: BoutiqueError = invalid(failure, name)
                errors += [(each["field"], each["message"]) for each in found.extra["errors"]]
        if errors:
            raise Invalid(*errors)
        return values


def load(service: str, name: str, row: FunctionRow) -> Capability:
    """Import a capability on first use and check that its signature fits its row; BadSignature if not."""
    return read_signature(service, name, row, getattr(import_module(f"functions.{service}.{name}"), name))


def read_signature(service: str, name: str, row: FunctionRow, function: Callable[..., Any]) -> Capability:
    """Read a function's signature: where each parameter comes from, and that it fits the row; BadSignature if not."""
    capability = Capability(name, row, function)
    hints = get_type_hints(function, include_extras=True)
    required = set()
    for parameter in inspect.signature(function).parameters.values():
        _plan(capability, parameter.name, hints[parameter.name])
        if parameter.default is parameter.empty:
            required.add(parameter.name)
    capability.required = frozenset(required & capability.parameters.keys())
    _check(capability, service)
    return capability


def _plan(capability: Capability, name: str, annotation: Any) -> None:
    plain = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    if plain in INJECTED and not hasattr(annotation, "__metadata__"):
        capability.injected[name] = INJECTED[plain]
    elif events := _events(plain):
        capability.event = name, events
    elif isinstance(plain, type) and issubclass(plain, Command):
        capability.body = name, plain
    elif isinstance(plain, type) and hasattr(plain, "connect"):
        capability.ports[name] = plain
    else:
        capability.parameters[name] = TypeAdapter(annotation)


def _events(annotation: Any) -> dict[str, type[Event]]:
    members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    kinds = [kind for kind in members if isinstance(kind, type) and issubclass(kind, Event)]
    return {kind.type: kind for kind in kinds} if len(kinds) == len([m for m in members if m is not NoneType]) else {}


def _check(capability: Capability, service: str) -> None:
    where = f"functions.{service}.{capability.name}"
    outside = capability.uses & {"call"} or capability.ports
    if "tx" in capability.uses and outside:
        raise BadSignature(f"{where} takes tx and {', '.join(outside)}: effects outside a transaction go through db")
    if "tx" in capability.uses and capability.uses & {"db", "receipt"}:
        raise BadSignature(f"{where} takes tx and db or receipt: the host writes the record in tx's commit")
    path = {part.strip("{}") for part in capability.row.path.split("/") if part.startswith("{")}
    if path - capability.parameters.keys():
        raise BadSignature(f"{where} lacks path parameters {sorted(path - capability.parameters.keys())}")
    if capability.row.event and capability.event and "*" not in capability.row.event:
        missing = set(capability.row.event) ^ capability.event[1].keys()
        if missing:
            raise BadSignature(f"{where} and its row differ in {sorted(missing)}")
