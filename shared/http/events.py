"""The door of pushed messages.

Acknowledged (204), tried again (not 2xx), or dead-lettered with a reason and acknowledged.
"""

import logging
import secrets
from functools import cache, cached_property
from typing import Any

from pydantic import ValidationError, create_model

from shared.errors import BoutiqueError, NotFound, Undeliverable
from shared.events import Envelope, Event
from shared.http.capability import Capability
from shared.http.invocation import Invocation, apply_event, reason
from shared.http.models import Caller
from shared.http.problem import internal, invalid, problem
from shared.http.push import PushedMessage, read_push
from shared.http.request import Request, Response
from shared.http.service import Service
from shared.manifest import subscriptions
from shared.messaging.publisher import Message, attribute
from shared.telemetry.about import (
    APPLIED,
    DEAD,
    SUPPRESSED,
    UNWANTED,
    current_about,
    note_delivery,
    note_effect,
    note_order,
    note_route,
)
from shared.telemetry.trace import span

log = logging.getLogger(__name__)
DEFECT_ATTEMPTS = 5
"""A function that fails with a defect, not with an error of ours.

Is tried so often before its event is dead-lettered.
"""


class EventDoor:
    """Takes pushes for one service's event functions."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def take(self, function: str, request: Request, caller: Caller) -> Response:
        """Take one push body."""
        row = self._service.row.functions.get(function)
        if row is None or not row.event:
            raise NotFound(f"{self._service.name} has no event function {function!r}")
        capability = self._service.capability(function)
        note_route(f"/events/{function}")
        message = read_push(request.body())
        wanted = "*" in row.event or message.attributes.get("ce-type") in row.event
        parent = message.attributes.get("traceparent") or request.header("traceparent")
        with span(parent) as own:
            self._note(function, message, own, parent)
            if ("ce-type" in message.attributes) is row.raw or not (wanted or row.raw):
                return _acknowledged(UNWANTED)
            return self._apply(capability, message, caller)

    def _note(self, function: str, message: PushedMessage, own: str, parent: str | None) -> None:
        known = (function, message.subscription) in self._subscriptions
        attributes = message.attributes
        said = {
            "event": attributes.get("ce-id", ""),
            "type": attributes.get("ce-type", ""),
            "committed": attributes.get("ce-time", ""),
            "published": message.publish_time,
        }
        note_delivery(own, parent, message.subscription if known else "", message.delivery_attempt, said)

    def _apply(self, capability: Capability, message: PushedMessage, caller: Caller) -> Response:
        try:
            arguments, given, event_id = read_message(capability, message)
            if "envelope" in given:
                note_order(_order_of(given["envelope"]))
            invocation = Invocation(capability, self._service, self._service.clock(), caller, arguments)
            if not apply_event(invocation, event_id, given):
                note_effect(SUPPRESSED)
            return _acknowledged(current_about().get("effect", APPLIED))
        except BoutiqueError as error:
            return problem(error) if error.retryable else self._dead_letter(capability, message, error)
        except Exception as error:
            reference = secrets.token_hex(8)
            log.exception("%s failed on delivery %s (%s)", capability.name, message.delivery_attempt, reference)
            if message.delivery_attempt >= DEFECT_ATTEMPTS:
                return self._dead_letter(capability, message, error)
            return internal(reference)

    @cached_property
    def _subscriptions(self) -> frozenset[tuple[str, str]]:
        """Function and name of every subscription of this service: these have a dead-letter topic."""
        return frozenset((each.function, each.name) for each in subscriptions(self._service.row, self._service.topics))

    def _dead_letter(self, capability: Capability, message: PushedMessage, error: Exception) -> Response:
        if (capability.name, message.subscription) not in self._subscriptions:
            return problem(error) if isinstance(error, BoutiqueError) else internal(message.message_id)
        code, detail = reason(error)
        attributes = {"error-code": code, "error-detail": attribute(detail), "subscription": message.subscription}
        topic = f"{message.subscription}.dead-letter"
        letter = Message(topic, message.data, {**message.attributes, **attributes}, message.ordering_key)
        self._service.send_letters([letter])
        return _acknowledged(DEAD)


def _order_of(envelope: Envelope) -> Any:
    """Return the order that an event names; else what it is about may be one."""
    data: Any = envelope.data
    found = data.get("order_id") if isinstance(data, dict) else getattr(data, "order_id", None)
    return found or envelope.subject


def _acknowledged(effect: str) -> Response:
    note_effect(effect)
    return Response(204, headers=[("X-Effect", effect)])


def read_message(capability: Capability, message: PushedMessage) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Return the function's arguments, what it may be given, and the event's id; Invalid or Undeliverable."""
    if capability.row.raw:
        name = capability.body[0] if capability.body else None
        return ({name: capability.read_body(message.data)} if name else {}), {}, message.message_id
    event_type = message.attributes.get("ce-type")
    kinds = capability.event[1] if capability.event else {}
    kind = kinds.get(event_type or "")
    try:
        envelope = (sealed(kind) if kind else Envelope).model_validate_json(message.data)
    except ValidationError as failure:
        found = invalid(failure)
        if kind and all(str(each["loc"][:1]) == "('data',)" for each in failure.errors(include_input=False)):
            raise found from None
        raise Undeliverable(f"not a CloudEvent: {found.detail}") from None
    if envelope.type != event_type:
        raise Undeliverable("the event's type and its ce-type attribute differ")
    arguments: dict[str, Any] = {capability.event[0]: envelope.data} if capability.event else {}
    return arguments, {"envelope": envelope}, envelope.id


@cache
def sealed(kind: type[Event]) -> type[Envelope]:
    """Return the envelope whose data is an event of this kind, read in one pass."""
    return create_model(f"Sealed{kind.__name__}", __base__=Envelope, data=(kind, ...))
