"""GET /stock-files/{file_id}: what became of a file's rows."""

from functions.furniture.stock_file import FileId, PageCursor, StockFileReport, report
from shared.storage import Database


def get_stock_file(file_id: FileId, db: Database, cursor: PageCursor | None = None) -> StockFileReport:
    """Return the report, with the refused rows page by page; NotFound."""
    return report(db, file_id, cursor)
