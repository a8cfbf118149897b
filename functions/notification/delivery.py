"""From intended to sent: hand messages over, then write down that they left or were refused."""

from collections.abc import Sequence
from datetime import datetime

from functions.notification.channels import Channels
from functions.notification.mailer import Refused
from functions.notification.messages import Message
from shared.events.notification import NotificationFailed, NotificationSent
from shared.http.models import Receipt
from shared.storage import Database, Transaction


def deliver(
    message_ids: Sequence[str], db: Database, channels: Channels, now: datetime, receipt: Receipt | None = None
) -> None:
    """Send those that are pending and record it, with the receipt of the event that asked for them.

    A crash in between sends again under the same id: see each carrier's port for what that means.
    """
    pending = [each for each in db.get_many(Message, message_ids) if each is not None and each.status == "pending"]
    outcomes = {message.message_id: _handed_over(message, channels, now) for message in pending}

    def record(tx: Transaction) -> None:
        for message_id, outcome in outcomes.items():
            _settle(tx, message_id, outcome, now)
        if receipt is not None:
            receipt.record(tx)

    db.transact(record, deferrable=receipt is not None)


def _handed_over(message: Message, channels: Channels, now: datetime) -> str | Refused | None:
    """Hand over; return the carrier's reference, or why it never will take the message."""
    try:
        match message.channel:
            case "email":
                channels.mailer.send(message.as_email())
            case "sms":
                again = message.created_at if message.created_at < now else None
                return channels.texter.text(message.message_id, message.to, message.subject, again_since=again)
            case "push":
                return channels.push_service.push(message.message_id, message.to, "Online Boutique", message.subject)
    except Refused as refused:
        return refused
    return None


def _settle(tx: Transaction, message_id: str, outcome: str | Refused | None, now: datetime) -> None:
    message = tx.get(Message, message_id)
    if message is None or message.status != "pending":
        return
    if isinstance(outcome, Refused):
        fail(tx, message, outcome.code, now)
        return
    message.status, message.sent_at, message.reference = "sent", now, outcome
    tx.put(message)
    tx.emit(
        NotificationSent(
            order_id=message.order_id, message_id=message_id, channel=message.channel, template=message.template
        ),
        now,
    )


def fail(tx: Transaction, message: Message, code: str, now: datetime) -> None:
    """Note that a message will not arrive, and publish it; one that was sent before stays sent, and bounced."""
    if message.status == "pending":
        message.status = "failed"
    else:
        message.delivery = "bounced"
    message.failed_at, message.code = now, code
    tx.put(message)
    tx.emit(
        NotificationFailed(
            order_id=message.order_id,
            message_id=message.message_id,
            channel=message.channel,
            template=message.template,
            code=code,
        ),
        now,
    )
