"""The published events of every service: CloudEvents envelope, one class per type, a sample file each.

Event type = key here = sample file's stem = class name in camel case: `order.confirmed` is `OrderConfirmed` in
`shared/events/order.py` with `samples/order.confirmed.json`. A module is imported when a type of its aggregate is
named.
"""

from functools import cache
from importlib import import_module

from shared.events.envelope import Envelope, Event

__all__ = ["Envelope", "Event", "class_name", "event_class"]


def class_name(event_type: str) -> str:
    """Return the class name of an event type: `order.action_required` -> `OrderActionRequired`."""
    return "".join(word.capitalize() for word in event_type.replace(".", "_").split("_"))


@cache
def event_class(event_type: str) -> type[Event]:
    """Return the class of an event type; LookupError if no such event is published here."""
    aggregate = event_type.partition(".")[0]
    try:
        found = getattr(import_module(f"shared.events.{aggregate}"), class_name(event_type), None)
    except ModuleNotFoundError as error:
        raise LookupError(f"unknown event type {event_type!r}") from error
    if found is None or found.type != event_type:
        raise LookupError(f"unknown event type {event_type!r}")
    return found  # type: ignore[no-any-return]
