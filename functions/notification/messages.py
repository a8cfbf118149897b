"""Messages to customers: one per event and channel, intended before it is sent."""

from datetime import datetime
from email.contentmanager import raw_data_manager
from email.message import EmailMessage
from email.policy import compat32
from email.utils import format_datetime
from typing import Literal

from functions.notification.rendering import render
from shared.storage import Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.personal import Email, PersonalText

SENDER = "Online Boutique <orders@online-boutique.example>"
DOMAIN = "online-boutique.example"


class Message(Document):
    """What a customer is told because of one event. `pending` until its channel has taken it."""

    collection = "messages"
    key_field = "message_id"
    indexes = (Index("order_id", "created_at"), Index("status", "created_at"), Index("status", "sent_at"))

    message_id: str
    """Stable: event id and channel at our domain, which is also the e-mail's Message-ID."""
    order_id: str
    channel: Literal["email"] = "email"
    template: str
    to: Email
    subject: PersonalText
    body: PersonalText
    status: Literal["pending", "sent"] = "pending"
    created_at: Timestamp
    sent_at: Timestamp | None = None

    def as_email(self) -> EmailMessage:
        """Return the message as an e-mail (RFC 5322), text only.

        The plain policy takes headers as they are, which are a line each by their types; parsing them costs 0.4 ms.
        """
        mail = EmailMessage(policy=compat32)
        mail["Message-ID"] = f"<{self.message_id}>"
        mail["Date"] = format_datetime(self.created_at)
        mail["From"] = SENDER
        mail["To"] = self.to
        mail["Subject"] = self.subject
        mail.set_content(self.body, content_manager=raw_data_manager)
        return mail


def intend(
    tx: Transaction, event_id: str, template: str, order_id: str, to: str, facts: dict[str, object], now: datetime
) -> str:
    """Write down that a message is to be sent, unless that is written already; returns its id."""
    message_id = f"{event_id}.email@{DOMAIN}"
    if tx.get(Message, message_id) is None:
        subject, body = render(template, facts)
        tx.create(
            Message(
                message_id=message_id,
                order_id=order_id,
                template=template,
                to=to,
                subject=subject,
                body=body,
                created_at=now,
            )
        )
    return message_id
