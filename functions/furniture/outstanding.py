"""What furniture has begun and not finished, and what waits for no person."""

from functions.furniture.stock_file import StockFile
from shared.storage import Database


def outstanding(db: Database) -> dict[str, int]:
    """Count stock files that are not worked through."""
    return {"stock_files": db.aggregate(StockFile, status="running", order_by="uploaded_at").count}
