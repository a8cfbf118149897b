"""What notification has begun and not finished, and what waits for no person."""

from functions.notification.messages import Message
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count messages that were intended and not yet sent."""
    return {"pending_messages": db.aggregate(Message, status="pending", order_by="created_at").count}
