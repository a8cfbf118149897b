"""From intended to sent: hand messages over, then write down that they left."""

from collections.abc import Sequence
from datetime import datetime

from functions.notification.mailer import Mailer
from functions.notification.messages import Message
from shared.events.notification import NotificationSent
from shared.http.models import Receipt
from shared.storage import Database, Transaction


def deliver(
    message_ids: Sequence[str], db: Database, mailer: Mailer, now: datetime, receipt: Receipt | None = None
) -> None:
    """Send those that are pending and record it, with the receipt of the event that asked for them.

    A crash in between sends again under the same Message-ID.
    """
    pending = [each for each in db.get_many(Message, message_ids) if each is not None and each.status == "pending"]
    for message in pending:
        mailer.send(message.as_email())

    def record(tx: Transaction) -> None:
        for message in pending:
            _sent(tx, message.message_id, now)
        if receipt is not None:
            receipt.record(tx)

    db.transact(record)


def _sent(tx: Transaction, message_id: str, now: datetime) -> None:
    message = tx.get(Message, message_id)
    if message is None or message.status == "sent":
        return
    message.status, message.sent_at = "sent", now
    tx.put(message)
    tx.emit(
        NotificationSent(
            order_id=message.order_id, message_id=message_id, channel=message.channel, template=message.template
        ),
        now,
    )
