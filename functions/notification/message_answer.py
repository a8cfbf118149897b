"""A message as it is shown."""

from typing import Literal

from functions.notification.channels import Channel
from functions.notification.messages import Message
from shared.http.models import Answer, Items
from shared.values.clock import Timestamp
from shared.values.personal import PersonalText


class MessageAnswer(Answer):
    """One message; `template` is the event type it tells of; `to` is an address of its channel."""

    message_id: str
    order_id: str
    channel: Channel
    template: str
    language: str
    to: PersonalText
    subject: PersonalText
    status: Literal["pending", "sent", "failed"]
    delivery: Literal["delivered", "bounced"] | None
    code: str | None
    sent_at: Timestamp | None
    delivered_at: Timestamp | None
    read_at: Timestamp | None
    body: PersonalText


class Messages(Items):
    """A page of messages."""

    items: list[MessageAnswer]


def shown(message: Message) -> MessageAnswer:
    """Return the answer for a message."""
    return MessageAnswer.model_validate(message, from_attributes=True)
