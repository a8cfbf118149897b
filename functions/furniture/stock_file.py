"""A stock file of the ERP: what it says, kept in chunks, and what became of each row.

The file's own id is its key: uploaded again it is the same file, and goes on where it was left. Rows are applied chunk
by chunk, each commit noting how far it came, so that a crash loses nothing and repeats nothing.
"""

import hashlib
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import StringConstraints

from functions.furniture.stock_file_rows import RefusedRow, Row
from shared.errors import NotFound
from shared.http.models import Items
from shared.storage import Database, Document, Index
from shared.values.clock import Timestamp

FileId = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{1,60}$")]
PageCursor = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}$")]
KEPT = timedelta(days=92)
"""How long rows and refusals are kept; the file itself stays, so that its id never means another."""
CHUNK = 200
"""Rows or refusals kept in one document: 20,000 rows are 100 documents."""

Status = Literal["running", "done"]


class StockFile(Document):
    """One file; `rows` are its lines below the columns' names, `digest` tells another file of the same id."""

    collection = "stock_files"
    key_field = "file_id"
    indexes = (Index("status", "uploaded_at"),)

    file_id: str
    digest: str
    status: Status = "running"
    uploaded_at: Timestamp
    by: str
    chunks: int
    rows: int
    applied: int = 0
    unchanged: int = 0
    refused: int
    finished_at: Timestamp | None = None


class StockFileChunk(Document):
    """Some rows, of which the first `done` are finished with, and some refusals; key `<file>.<number>`.

    Kept for KEPT: what the rows changed stays in the movements, whose cause is the file.
    """

    collection = "stock_file_chunks"
    ttl_field = "forgotten_at"

    key: str
    rows: list[Row]
    refused: list[RefusedRow]
    done: int = 0
    forgotten_at: Timestamp | None = None


class StockFileReport(Items):
    """What became of a file's rows: `applied` changed stock, `unchanged` were as expected, `refused` are the items.

    A row with several faults is several items, and counts once. After a quarter only the counts are left.
    """

    file_id: str
    status: Status
    uploaded_at: Timestamp
    finished_at: Timestamp | None
    rows: int
    applied: int
    unchanged: int
    refused: int
    items: list[RefusedRow]


def chunk_key(file_id: str, number: int) -> str:
    """Return the key of a chunk."""
    return f"{file_id}.{number}"


def digest(text: str) -> str:
    """Return what tells one content from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def report(db: Database, file_id: str, cursor: str | None) -> StockFileReport:
    """Return a file's report with a page of refusals, by line within a page; NotFound."""
    file = db.get(StockFile, file_id)
    if file is None:
        raise NotFound(f"no stock file {file_id}")
    number, items = int(cursor or 0), list[RefusedRow]()
    while not items and number < file.chunks:
        chunk = db.get(StockFileChunk, chunk_key(file_id, number))
        items = sorted(chunk.refused, key=lambda row: row.line) if chunk else []
        number += 1
    return StockFileReport(
        file_id=file_id,
        status=file.status,
        uploaded_at=file.uploaded_at,
        finished_at=file.finished_at,
        rows=file.rows,
        applied=file.applied,
        unchanged=file.unchanged,
        refused=file.refused,
        items=items,
        next_cursor=str(number) if number < file.chunks else None,
    )
