"""Working through a stock file: kept whole first, then applied in commits of less than 500 writes."""

from datetime import datetime
from functools import partial

from functions.furniture.ledger import LEDGER
from functions.furniture.stock_file import CHUNK, KEPT, StockFile, StockFileChunk, chunk_key, digest
from functions.furniture.stock_file_rows import RefusedRow, Row, UploadStockFile, read
from shared.errors import IllegalTransition
from shared.events.inventory import AdjustedLine
from shared.stock.adjusting import change, publish
from shared.stock.commands import ReceiveStock
from shared.stock.goods import Goods
from shared.stock.receiving import receive
from shared.stock.skus import VALUATION_CURRENCY
from shared.storage import Database, Transaction
from shared.values.money import Money

REASON = "counted"
MOST_WRITES = 450
"""Of the 500 of a commit: the file, the chunk and an event come on top."""


def keep(db: Database, file_id: str, upload: UploadStockFile, by: str, now: datetime) -> StockFile:
    """Keep a file before anything is changed; the known one if it came before.

    Invalid if it can't be read; IllegalTransition if this id came with another content.
    """
    known = db.get(StockFile, file_id) or db.transact(partial(_keep, file_id=file_id, upload=upload, by=by, now=now))
    if known.digest != digest(upload.csv):
        raise IllegalTransition(f"{file_id} came before with another content; give a new file a new id")
    return known


def _keep(tx: Transaction, file_id: str, upload: UploadStockFile, by: str, now: datetime) -> StockFile:
    known = tx.get(StockFile, file_id)
    if known is not None:
        return known
    rows, refused = read(upload.csv)
    chunks = -(-max(len(rows), len(refused)) // CHUNK)
    for number in range(chunks):
        part = slice(number * CHUNK, (number + 1) * CHUNK)
        tx.create(
            StockFileChunk(
                key=chunk_key(file_id, number), rows=rows[part], refused=refused[part], forgotten_at=now + KEPT
            )
        )
    refused_lines = len({row.line for row in refused})
    file = StockFile(
        file_id=file_id,
        digest=digest(upload.csv),
        uploaded_at=now,
        by=by,
        chunks=chunks,
        rows=len(rows) + refused_lines,
        refused=refused_lines,
    )
    tx.create(file)
    return file


def finish(db: Database, file: StockFile, now: datetime) -> None:
    """Apply what is left of a file."""
    for number in range(file.chunks):
        while db.transact(partial(step, file_id=file.file_id, number=number, now=now)):
            pass
    db.transact(partial(_close, file_id=file.file_id, now=now))


def step(tx: Transaction, file_id: str, number: int, now: datetime) -> bool:
    """Apply as many rows of a chunk as one commit takes; says whether some are left."""
    file, chunk = tx.get(StockFile, file_id), tx.get(StockFileChunk, chunk_key(file_id, number))
    if file is None or chunk is None or chunk.done == len(chunk.rows):
        return False
    cause, begun, writes = f"file_{file_id}", chunk.done, 0
    adjusted: list[AdjustedLine] = []
    heaps: dict[str, Goods] = {}
    for row in chunk.rows[begun:]:
        if row.sku not in heaps:
            writes += len(Goods(tx, LEDGER, row.sku).shards)
        writes += 3  # a movement, an event, and what is set aside
        if writes > MOST_WRITES:
            break
        goods = heaps[row.sku] = Goods(tx, LEDGER, row.sku)
        _apply(tx, file, chunk, goods, row, cause, adjusted, now)
        chunk.done += 1
    if adjusted:
        publish(tx, LEDGER, f"adj_{cause}.{number}.{begun}", file.by, REASON, adjusted, now)
    tx.put(chunk)
    tx.put(file)
    return chunk.done < len(chunk.rows)


def _apply(
    tx: Transaction,
    file: StockFile,
    chunk: StockFileChunk,
    goods: Goods,
    row: Row,
    cause: str,
    adjusted: list[AdjustedLine],
    now: datetime,
) -> None:
    expected = goods.on_hand(row.location)
    held, delta = expected - goods.free(row.location), row.counted - expected
    if row.counted < held:
        message = f"expected at least {held}: so many are held for orders there"
        chunk.refused.append(RefusedRow(line=row.line, field="counted", message=message))
        file.refused += 1
    elif delta == 0:
        file.unchanged += 1
    elif delta > 0 and row.unit_cost_minor is not None:
        cost = Money(VALUATION_CURRENCY, row.unit_cost_minor)
        goods_in = ReceiveStock(sku=row.sku, location=row.location, quantity=delta, unit_cost=cost)
        receive(tx, LEDGER, cause, goods_in, now)
        file.applied += 1
    else:
        adjusted.append(change(tx, goods, cause, (row.location, "sellable"), delta, now))
        file.applied += 1


def _close(tx: Transaction, file_id: str, now: datetime) -> None:
    file = tx.get(StockFile, file_id)
    if file is not None and file.status == "running":
        file.status, file.finished_at = "done", now
        tx.put(file)
