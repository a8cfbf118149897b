"""Pub/Sub's push body: exactly what the cloud, its emulator and the embedded broker send."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from shared.errors import BadRequest

_MOST_ATTEMPTS = 1_000_000
"""A body that says more is made up; the number goes into logs and counts."""


@dataclass(frozen=True)
class PushedMessage:
    """One delivery of one message to one subscription."""

    data: bytes
    attributes: dict[str, str]
    message_id: str
    ordering_key: str
    """Empty if the message has none."""
    subscription: str
    """The subscription's short name; empty if the body names none."""
    delivery_attempt: int
    """Counted from 1; 0 where the broker doesn't count (Google's emulator)."""
    publish_time: str = ""
    """RFC 3339; empty if the body names none."""


def read_push(body: bytes) -> PushedMessage:
    """Read a push body; BadRequest if it is none."""
    try:
        whole = json.loads(body)
        message = whole["message"]
        return PushedMessage(
            data=base64.b64decode(message.get("data") or "", validate=True),
            attributes={str(key): str(value) for key, value in (message.get("attributes") or {}).items()},
            message_id=_text(message.get("messageId") or message.get("message_id")),
            ordering_key=_text(message.get("orderingKey")),
            subscription=_text(whole.get("subscription")).rpartition("/")[2],
            delivery_attempt=max(0, min(int(whole.get("deliveryAttempt") or 0), _MOST_ATTEMPTS)),
            publish_time=_text(message.get("publishTime")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
        raise BadRequest('not a Pub/Sub push body: {"message": {"data": base64, …}, "subscription": …}') from error


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
