"""Every minute: send what was intended and never sent, because its process died or its carrier was away too long."""

from datetime import datetime, timedelta

from functions.notification.channels import Channels
from functions.notification.delivery import deliver
from functions.notification.messages import Message
from shared.storage import Database

GRACE = timedelta(seconds=30)
"""How long an intent belongs to the invocation that wrote it, and to its redeliveries."""


def send_pending(db: Database, channels: Channels, now: datetime) -> None:
    """Send up to 100, those that wait longest first."""
    waiting = db.query(Message, status="pending", order_by="created_at", until=now - GRACE)
    for message in waiting.items:
        deliver([message.message_id], db, channels, now)
