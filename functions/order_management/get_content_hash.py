"""GET /content-hash: what two stores must have alike to hold the same orders."""

from functions.order_management.content import content
from shared.http.models import ContentHash
from shared.storage import Database


def get_content_hash(db: Database) -> ContentHash:
    """Read every document once; what is left out, and why, says `content`."""
    found = content(db)
    return ContentHash(service="order_management", counts=found.counts, hash=found.hash)
