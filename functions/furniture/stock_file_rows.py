"""The rows of a stock file, read from CSV: each is right, or refused by line and field with what would be right."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from pydantic import BaseModel, Field

from functions.furniture.ledger import LEDGER
from shared.errors import BadRequest, Invalid
from shared.http.models import Answer, Command
from shared.stock.receiving import HIGHEST_UNIT_COST
from shared.stock.skus import VALUATION_CURRENCY
from shared.values.money import Money

NEEDED = ("sku", "location", "counted")
COLUMNS = (*NEEDED, "unit_cost")
MOST_ROWS = 20_000
MOST_PIECES = 1_000_000
_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{2})?", re.ASCII)


class UploadStockFile(Command):
    """A file of the ERP, as `text/csv` or as text in JSON; its first line names the columns.

    `sku`, `location`, `counted` (sellable pieces that are there, held ones among them) and, if wanted, `unit_cost`
    (net, dollars and cents): pieces that are more than expected then came in at that cost. At most 20,000 rows.
    """

    csv: str = Field(min_length=1, max_length=1_000_000)

    @classmethod
    def from_csv(cls, raw: bytes) -> "UploadStockFile":
        """Read the body of a request; BadRequest unless it is UTF-8."""
        try:
            return cls(csv=raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise BadRequest("expected a file in UTF-8") from error


class Row(BaseModel):
    """A row that is right in itself; `unit_cost_minor` is in cents."""

    line: int
    sku: str
    location: str
    counted: int
    unit_cost_minor: int | None = None


class RefusedRow(Answer):
    """What of a row cannot be; `line` counts from 1, the line of the columns' names."""

    line: int
    field: str
    message: str


def read(text: str) -> tuple[list[Row], list[RefusedRow]]:
    """Read a whole file; Invalid if it is no CSV with these columns, or has too many rows."""
    right: list[Row] = []
    refused: list[RefusedRow] = []
    first: dict[tuple[str, str], int] = {}
    lines = _lines(text)
    _, names = next(lines, (1, []))
    columns = [name.strip().lower() for name in names]
    if not set(NEEDED) <= set(columns) <= set(COLUMNS) or len(set(columns)) < len(columns):
        raise Invalid(("csv", f"expected a first line of {','.join(COLUMNS)}, the last if wanted"))
    for number, (line, cells) in enumerate(lines):
        if number >= MOST_ROWS:
            raise Invalid(("csv", f"expected at most {MOST_ROWS} rows"))
        found = _row(line, columns, cells)
        if isinstance(found, Row):
            before = first.setdefault((found.sku, found.location), line)
            if before != line:
                found = [RefusedRow(line=line, field="sku", message=f"line {before} has it at this location already")]
        if isinstance(found, Row):
            right.append(found)
        else:
            refused += found
    return right, refused


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Return the cells of each line that has any, with its number; Invalid if it is no CSV."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise Invalid(("csv", f"line {reader.line_num} is no CSV: {error}")) from error


def _row(line: int, columns: Sequence[str], cells: Sequence[str]) -> Row | list[RefusedRow]:
    if len(cells) != len(columns):
        message = f"expected {len(columns)} cells, got {len(cells)}"
        return [RefusedRow(line=line, field="row", message=message)]
    named = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    wrong = LEDGER.complaints(sku=named["sku"], location=named["location"])
    counted = _whole(named["counted"])
    if counted is None:
        wrong.append(("counted", f"expected a whole number from 0 to {MOST_PIECES}"))
    cost = _cents(named.get("unit_cost", ""))
    if cost is not None and not 0 < cost <= HIGHEST_UNIT_COST.minor:
        wrong.append(("unit_cost", f"expected more than 0.00 and at most {HIGHEST_UNIT_COST.amount}, such as 98.50"))
    if wrong or counted is None:
        return [RefusedRow(line=line, field=field, message=message) for field, message in wrong]
    return Row(line=line, sku=named["sku"], location=named["location"], counted=counted, unit_cost_minor=cost)


def _whole(cell: str) -> int | None:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 7):
        return None
    return int(cell) if int(cell) <= MOST_PIECES else None


def _cents(cell: str) -> int | None:
    """Return cents, None for an empty cell and 0 for what is no amount."""
    if not cell:
        return None
    return Money.of(cell, VALUATION_CURRENCY).minor if _AMOUNT.fullmatch(cell) else 0
