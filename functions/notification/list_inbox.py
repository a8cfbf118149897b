"""GET /inbox?customer_id=: a customer's messages as an app or a web page shows them, whatever channel they went by."""

from functions.notification.message_answer import Messages, shown
from functions.notification.messages import Message
from shared.storage import Database
from shared.values.identifiers import CustomerId


def list_inbox(customer_id: CustomerId, db: Database, cursor: str | None = None) -> Messages:
    """List messages, newest first, 100 a page. The same news by several channels is shown once: by the first."""
    page = db.query(Message, customer_id=customer_id, order_by="created_at", descending=True, cursor=cursor)
    news: dict[str, Message] = {}
    for message in page.items:
        news.setdefault(message.message_id.partition(".")[0], message)
    return Messages(items=[shown(message) for message in news.values()], next_cursor=page.next_cursor)
