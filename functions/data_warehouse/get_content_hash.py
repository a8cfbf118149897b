"""GET /content-hash: what two stores must have alike to hold the same events."""

from functions.data_warehouse.archive import content
from functions.data_warehouse.inbox import drain
from shared.analytics import AnalyticalStore
from shared.http.models import ContentHash
from shared.storage import Database


def get_content_hash(db: Database, store: AnalyticalStore) -> ContentHash:
    """Read every row once; what lies in the inbox is loaded first."""
    drain(db, store, seconds=20)
    found = content(store)
    return ContentHash(service="data_warehouse", counts=found.counts, hash=found.hash)
