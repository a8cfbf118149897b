"""A report's answer: columns and rows, as JSON or as CSV (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shared.http.models import Answer
from shared.values.clock import Timestamp, rfc3339
from shared.values.currency import MINOR_DIGITS


class Table(Answer):
    """Rows of a report. Amounts are decimal strings with their currency's digits, times and days are RFC 3339."""

    name: str
    title: str
    until: Timestamp
    columns: list[str]
    rows: list[list[Any]]

    def to_csv(self) -> str:
        """Return a header line and a line per row, ended by CR LF; nothing is written as nothing."""
        return written(self.columns, self.rows)


def written(columns: Iterable[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return CSV (RFC 4180) of a header and rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def plain_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[list[Any]]:
    """Return rows in the order of the columns, holding only what JSON and CSV write alike."""
    return [[_plain(row[column], row.get("currency")) for column in columns] for row in rows]


def _plain(value: Any, currency: str | None) -> Any:
    if isinstance(value, Decimal):
        return _amount(value, currency)
    if isinstance(value, datetime):
        return rfc3339(value)
    return value.isoformat() if isinstance(value, date) else value


def _amount(value: Decimal, currency: str | None) -> str:
    """Write a decimal; beside a currency with exactly its minor digits, unless it has more of its own."""
    exact = value.normalize()
    digits = max(MINOR_DIGITS.get(currency or "", 0), -int(exact.as_tuple().exponent), 0)
    return f"{value:.{digits}f}"
