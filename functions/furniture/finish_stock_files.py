"""Every minute: stock files whose upload was cut off are finished, and rows of old ones forgotten."""

from datetime import datetime, timedelta

from functions.furniture.stock_file import StockFile, StockFileChunk
from functions.furniture.stock_file_work import finish
from shared.storage import Database

_ALONE_FOR = timedelta(minutes=1)


def finish_stock_files(db: Database, now: datetime) -> None:
    """Apply what is left of files that have been running for a minute; two who work on one do no harm."""
    due = db.query(StockFile, status="running", order_by="uploaded_at", until=now - _ALONE_FOR, limit=20)
    for file in due.items:
        finish(db, file, now)
    db.purge(StockFileChunk, now)
