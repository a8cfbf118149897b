"""GET /messages?order_id=: what the customer of an order was told."""

from typing import Literal

from functions.notification.messages import Message
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.personal import Email, PersonalText


class MessageAnswer(Answer):
    """One message; `template` is the event type it tells of."""

    message_id: str
    channel: str
    template: str
    to: Email
    subject: PersonalText
    status: Literal["pending", "sent"]
    sent_at: Timestamp | None
    body: PersonalText


class Messages(Items):
    """The messages of an order, those written first first."""

    items: list[MessageAnswer]


def list_messages(order_id: OrderId, db: Database, cursor: str | None = None) -> Messages:
    """List messages, 100 a page; nothing for an unknown order."""
    page = db.query(Message, order_id=order_id, order_by="created_at", cursor=cursor)
    return Messages(
        items=[
            MessageAnswer(
                message_id=message.message_id,
                channel=message.channel,
                template=message.template,
                to=message.to,
                subject=message.subject,
                status=message.status,
                sent_at=message.sent_at,
                body=message.body,
            )
            for message in page.items
        ],
        next_cursor=page.next_cursor,
    )
