"""POST /messages/{message_id}/delivery: what a carrier reports after it took a message.

Bounces of e-mail name our Message-ID (RFC 3464), Twilio's and Firebase's reports are told by whoever receives them.
"""

from datetime import datetime
from typing import Literal

from pydantic import Field

from functions.notification.delivery import fail
from functions.notification.message_answer import MessageAnswer, shown
from functions.notification.messages import Message
from shared.errors import IllegalTransition, NotFound
from shared.http.models import Command
from shared.storage import Transaction


class RecordDelivery(Command):
    """How it ended; `code` is the carrier's own, for a bounce."""

    status: Literal["delivered", "bounced"]
    code: str | None = Field(default=None, min_length=1, max_length=50)


def record_delivery(message_id: str, command: RecordDelivery, tx: Transaction, now: datetime) -> MessageAnswer:
    """Keep the report; the first stays. NotFound, or IllegalTransition for a message that never left."""
    message = tx.get(Message, message_id)
    if message is None:
        raise NotFound(f"no message {message_id}")
    if message.status != "sent":
        raise IllegalTransition(f"message {message_id} is {message.status}; nobody can have received it")
    if message.delivery is None and command.status == "bounced":
        fail(tx, message, command.code or "bounced", now)
    elif message.delivery is None:
        message.delivery, message.delivered_at = "delivered", now
        tx.put(message)
    return shown(message)
