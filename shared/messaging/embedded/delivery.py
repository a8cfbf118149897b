"""One delivery of one message to one subscription: what is pushed, what acknowledges it, when it is tried again."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

from shared.manifest import Retry, Subscription

PROJECT = "local"
ACKNOWLEDGING = frozenset({102, 200, 201, 202, 204})
"""The statuses that Pub/Sub takes for an acknowledgement of a push; every other one asks for another attempt."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return whole microseconds since 1970: how the broker's file writes times."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(microseconds: int) -> datetime:
    """Return the time that `micros` wrote."""
    return _EPOCH + timedelta(microseconds=microseconds)


class PushResult(NamedTuple):
    """The HTTP status of a push and, if it failed, a word on why (it becomes the dead letter's `error-detail`)."""

    status: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A leased delivery. `attributes` is JSON; `due_at` and `published_at` are microseconds since 1970."""

    subscription: Subscription
    subscription_id: int
    message_id: int
    attempt: int
    due_at: int
    data: bytes
    attributes: str
    ordering_key: str
    published_at: int

    @property
    def attribute_values(self) -> dict[str, str]:
        """The message's attributes."""
        values: dict[str, str] = orjson.loads(self.attributes)
        return values


class Nack(NamedTuple):
    """A delivery that failed, and with what."""

    delivery: Delivery
    detail: str


def backoff(retry: Retry, attempt: int, jitter: float) -> timedelta:
    """Return the wait after failed attempt 1, 2, …: doubling, capped, by `jitter` (0 to 1) up to a fifth shorter."""
    doubled = min(retry.min_backoff_s * 2.0 ** (attempt - 1), retry.max_backoff_s)
    return timedelta(seconds=doubled * (1 - jitter / 5))


def publish_time(microseconds: int) -> str:
    """Write a publish time as Pub/Sub does: RFC 3339 in UTC with milliseconds."""
    return moment(microseconds).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def push_body(delivery: Delivery) -> bytes:
    """Return the JSON that Pub/Sub pushes; like there, empty `attributes`, `data` and `orderingKey` are left out."""
    time = publish_time(delivery.published_at)
    fields = []
    if delivery.attributes != "{}":
        fields.append(f'"attributes":{delivery.attributes}')
    if delivery.data:
        fields.append(f'"data":"{b64encode(delivery.data).decode()}"')
    fields.append(f'"messageId":"{delivery.message_id}","message_id":"{delivery.message_id}"')
    if delivery.ordering_key:
        fields.append(f'"orderingKey":{orjson.dumps(delivery.ordering_key).decode()}')
    fields.append(f'"publishTime":"{time}","publish_time":"{time}"')
    subscription = f"projects/{PROJECT}/subscriptions/{delivery.subscription.name}"
    return (
        f'{{"message":{{{",".join(fields)}}},"subscription":"{subscription}","deliveryAttempt":{delivery.attempt}}}'
    ).encode()
