"""Subscriptions and messages that the broker's tests share."""

from typing import Any

from shared.manifest import Retry, Subscription
from shared.messaging.publisher import Message

RETRY = Retry(min_backoff_s=1, max_backoff_s=10, max_attempts=5, ack_deadline_s=10)


def subscription(service: str, function: str, *types: str, topic: str = "order-events", **more: Any) -> Subscription:
    return Subscription(
        name=f"{service}.{function}.{topic}",
        topic=topic,
        service=service,
        function=function,
        types=frozenset(types) or None,
        retry=more.pop("retry", RETRY),
        **more,
    )


INVOICE = subscription("accounting", "draft_invoice", "order.confirmed")
NOTIFY = subscription("notification", "notify", "order.confirmed", "order.held")
COLLECT = subscription("data_warehouse", "collect")
STATE = subscription("order_management", "keep_state", topic="shipment-events", ordered=True)
ROWS = [INVOICE, NOTIFY, COLLECT, STATE]


def message(
    event_type: str = "order.confirmed",
    data: bytes = b"{}",
    topic: str = "order-events",
    key: str = "",
    **attributes: str,
) -> Message:
    return Message(topic, data, {"ce-type": event_type, **attributes}, key)
