"""The History port over the Database port: a document a row. The laptop's adapter; the name is its store's there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self

from functions.fraud.history import FamilyTotal, History, Row
from shared.settings import Settings
from shared.storage import Database, Document, Index, Transaction
from shared.storage.connect import connect
from shared.values.clock import Timestamp
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money


class HistoryRow(Document):
    """A row. `family` and the amount are there only where totals are asked for."""

    collection: ClassVar[str] = "history"
    ttl_field: ClassVar[str | None] = "expires_at"
    indexes: ClassVar[tuple[Index, ...]] = (Index("partition", "at"), Index("family", "currency", "at"))

    key: str
    partition: str
    row_key: str
    at: Timestamp
    values: dict[str, Any]
    family: str | None = None
    currency: str | None = None
    amount_minor: int = 0
    expires_at: Timestamp | None = None


class SqliteHistory(History):
    """Keeps rows as documents; `put_all` is one commit here."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Open fraud's own database."""
        return cls(connect("fraud", settings))

    def put_once(self, row: Row) -> bool:
        """Keep a row unless its place is taken."""
        return self._db.transact(lambda tx: _put(tx, row))

    def put_all(self, rows: Sequence[Row]) -> None:
        """Keep several rows in one commit."""
        self._db.transact(lambda tx: [_put(tx, row) for row in rows])

    def get(self, partition: str, row_key: str) -> Row | None:
        """Return a row by its place."""
        found = self._db.get(HistoryRow, _key(partition, row_key))
        return _row(found) if found else None

    def rows(self, partition: str, since: datetime, limit: int = 100) -> list[Row]:
        """Return the newest rows of a partition."""
        page = self._db.query(HistoryRow, partition=partition, order_by="at", since=since, descending=True, limit=limit)
        return [_row(found) for found in page.items]

    def family(
        self, family: str, currency: str, since: datetime, until: datetime, limit: int = 500, cursor: str | None = None
    ) -> tuple[list[Row], str | None]:
        """Return a page of a family by its index."""
        page = self._db.query(
            HistoryRow,
            family=family,
            currency=currency,
            order_by="at",
            since=since,
            until=until,
            limit=limit,
            cursor=cursor,
        )
        return [_row(found) for found in page.items], page.next_cursor

    def totals(self, family: str, until: datetime) -> dict[str, FamilyTotal]:
        """Sum up a family by an index on currency and time."""
        found = {}
        for currency in MINOR_DIGITS:
            total = self._db.aggregate(
                HistoryRow, sums=("amount_minor",), family=family, currency=currency, order_by="at", until=until
            )
            if total.count:
                found[currency] = FamilyTotal(total.count, total.sums["amount_minor"])
        return found

    def purge(self, now: datetime, limit: int = 400) -> tuple[int, bool]:
        """Remove what has expired, by its index."""
        purged = self._db.purge(HistoryRow, now, limit)
        return purged, purged == limit


def _key(partition: str, row_key: str) -> str:
    return f"{partition}|{row_key}"


def _put(tx: Transaction, row: Row) -> bool:
    key = _key(row.partition, row.row_key)
    if tx.get(HistoryRow, key) is not None:
        return False
    tx.create(
        HistoryRow(
            key=key,
            partition=row.partition,
            row_key=row.row_key,
            at=row.at,
            values=dict(row.values),
            family=row.family,
            currency=row.amount.currency if row.amount else None,
            amount_minor=row.amount.minor if row.amount else 0,
            expires_at=row.expires_at,
        )
    )
    return True


def _row(found: HistoryRow) -> Row:
    amount = Money(found.currency, found.amount_minor) if found.currency else None
    return Row(found.partition, found.row_key, found.at, found.values, found.family, amount, found.expires_at)
