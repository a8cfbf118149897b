"""Time: the one place that asks the machine, and the one way that times are written (RFC 3339, UTC, `Z`)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.now(UTC)


def rfc3339(moment: datetime) -> str:
    """Write a time so that the order of the texts is the order of the times (always six decimals)."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("moment", "expected a time that lies in the years 1 to 9999 in UTC too") from None


def _written(moment: Any) -> str:
    return rfc3339(moment)


Timestamp = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    PlainSerializer(_written, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment with its zone; normalised to UTC, written by `rfc3339`."""
