"""POST /messages/{message_id}/read: the customer has seen it in the app."""

from datetime import datetime

from functions.notification.message_answer import MessageAnswer, shown
from functions.notification.messages import Message
from shared.errors import NotFound
from shared.http.models import Command
from shared.storage import Transaction


class ReadMessage(Command):
    """Nothing more to say."""


def read_message(message_id: str, command: ReadMessage, tx: Transaction, now: datetime) -> MessageAnswer:
    """Note when it was first read; NotFound for an unknown message."""
    message = tx.get(Message, message_id)
    if message is None:
        raise NotFound(f"no message {message_id}")
    if message.read_at is None:
        message.read_at = now
        tx.put(message)
    return shown(message)
