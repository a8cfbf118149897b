"""POST /stock-files: the ERP's bulk update of stock."""

from datetime import datetime

from functions.furniture.stock_file import FileId, StockFileReport, report
from functions.furniture.stock_file_rows import UploadStockFile
from functions.furniture.stock_file_work import finish, keep
from shared.http.models import Caller
from shared.storage import Database


def upload_stock_file(
    command: UploadStockFile, file_id: FileId, db: Database, caller: Caller, now: datetime
) -> StockFileReport:
    """Apply a file row by row and report those that are refused; a refused row keeps none of the others back.

    Natural by `file_id`: uploaded again it is finished, if it was not, and reported again. Invalid if the file can't
    be read as a whole; IllegalTransition if the id came before with another content.
    """
    file = keep(db, file_id, command, caller.name, now)
    if file.status == "running":
        finish(db, file, now)
    return report(db, file_id, None)
