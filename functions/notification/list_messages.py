"""GET /messages?order_id=: what the customer of an order was told."""

from functions.notification.message_answer import Messages, shown
from functions.notification.messages import Message
from shared.storage import Database
from shared.values.identifiers import OrderId


def list_messages(order_id: OrderId, db: Database, cursor: str | None = None) -> Messages:
    """List messages, 100 a page, those written first first; nothing for an unknown order."""
    page = db.query(Message, order_id=order_id, order_by="created_at", cursor=cursor)
    return Messages(items=[shown(message) for message in page.items], next_cursor=page.next_cursor)
