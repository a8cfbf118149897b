"""Notifications: published by notification."""

from typing import ClassVar

from shared.events.envelope import Event
from shared.values.identifiers import OrderId


class NotificationSent(Event):
    """A message was handed to its channel. `message_id` is stable: sending again uses the same."""

    type: ClassVar[str] = "notification.sent"
    order_id: OrderId
    message_id: str
    channel: str
    template: str


class NotificationFailed(Event):
    """A channel refused a message for good; `code` is the channel's own."""

    type: ClassVar[str] = "notification.failed"
    order_id: OrderId
    message_id: str
    channel: str
    template: str
    code: str
