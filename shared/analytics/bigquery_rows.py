"""Events as the lines of a load job: the envelope, the whole event, and the columns of its own type's table.

A typed row is cut to what its table can hold. A value of another kind becomes null there rather than making the whole
batch fail, and with it all the events that came after; `events.data` has it as it came.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any

import orjson

from shared.analytics.bigquery_schema import Field, staged
from shared.analytics.schema import table_name
from shared.events.envelope import Envelope
from shared.values.clock import rfc3339

LARGEST = 2**63 - 1
_DIGITS = 29  # that a NUMERIC has before its point
_SMALLEST, _WIDE = Decimal("1e-9"), Context(prec=60)


def day_of(event: Envelope) -> date:
    """Return the day (UTC) whose partition an event lies in."""
    return event.time.astimezone(UTC).date()


def line(event: Envelope, typed: Mapping[str, Sequence[Field]]) -> bytes:
    """Return an event as a line of JSON; `typed` has the fields of the tables that are there, by name."""
    order_id = event.data.get("order_id")
    row: dict[str, Any] = {
        "id": event.id,
        "type": event.type,
        "source": event.source,
        "subject": event.subject,
        "time": rfc3339(event.time),
        "day": day_of(event).isoformat(),
        "order_id": order_id if isinstance(order_id, str) else None,
        "trace_id": event.traceparent.split("-")[1]
        if event.traceparent and event.traceparent.count("-") == 3
        else None,
        "data": event.data,
    }
    table = table_name(event.type)
    for name, value in record(typed.get(table, ()), event.data).items():
        row[staged(table, name)] = value
    return orjson.dumps(row)


def record(fields: Sequence[Field], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return those of a value's fields that a RECORD of these fields can hold."""
    held = {field["name"]: _held(field, value.get(field["name"])) for field in fields}
    return {name: found for name, found in held.items() if found is not None}


def _held(field: Field, value: Any) -> Any:
    if field.get("mode") == "REPEATED":
        parts = value if isinstance(value, (list, tuple)) else ()
        return [held for part in parts if (held := _one(field, part)) is not None]
    return None if value is None else _one(field, value)


def _one(field: Field, value: Any) -> Any:
    if "fields" in field:
        return record(field["fields"], value) if isinstance(value, dict) else None
    return _KINDS[field["type"]](value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return value if type(value) is int and -LARGEST <= value <= LARGEST else None


def _exact(value: Any) -> str | None:
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() >= _DIGITS:
        return None
    return f"{number:f}" if number == number.quantize(_SMALLEST, context=_WIDE) else None


def _sure(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _moment(value: Any) -> str | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return rfc3339(moment) if moment.tzinfo else None


def _day(value: Any) -> str | None:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return None


_KINDS: dict[str, Callable[[Any], Any]] = {
    "STRING": _text,
    "INTEGER": _whole,
    "NUMERIC": _exact,
    "BOOLEAN": _sure,
    "TIMESTAMP": _moment,
    "DATE": _day,
    "JSON": lambda value: value,
}
