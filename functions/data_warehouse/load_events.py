"""Every minute, and when events come: load the inbox into the analytical store."""

from functions.data_warehouse.inbox import drain
from shared.analytics import AnalyticalStore
from shared.storage import Database


def load_events(db: Database, store: AnalyticalStore) -> None:
    """Load for up to 20 seconds; the next run takes what is left."""
    drain(db, store, seconds=20)
