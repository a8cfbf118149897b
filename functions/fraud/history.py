"""The History port: what fraud remembers, in partitions. Nothing here that a cloud's plain table store can't promise.

Every put is idempotent: the first under a partition and row key stays. Puts are atomic within one partition only.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.settings import Settings
from shared.values.money import Money


@dataclass(frozen=True)
class Row:
    """One thing remembered. `values` is JSON; `amount` is summed over the rows of a `family` by `totals`.

    Partition and row key hold letters, digits and `_ - . :`, at most 150 characters each. From `expires_at` on the
    row may be purged; without it, it stays.
    """

    partition: str
    row_key: str
    at: datetime
    values: Mapping[str, Any] = field(default_factory=dict)
    family: str | None = None
    amount: Money | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True)
class FamilyTotal:
    """How many rows of a family are in one currency, and the sum of their amounts in minor units."""

    count: int
    minor: int


class History(ABC):
    """Where rows are kept."""

    @classmethod
    def connect(cls, settings: Settings) -> "History":
        """Return this process's history: in Azure Table Storage where settings say so, else in fraud's own database."""
        if settings.tables:
            from functions.fraud.table_history import TableHistory  # noqa: PLC0415  (imported when chosen)

            return TableHistory.connect(settings)
        if settings.platform == "cloud":
            raise ValueError("BOUTIQUE_TABLES must say where the history is: an instance's own disk does not last")
        from functions.fraud.sqlite_history import SqliteHistory  # noqa: PLC0415

        return SqliteHistory.connect(settings)

    @abstractmethod
    def put_once(self, row: Row) -> bool:
        """Keep a row unless its place is taken; say whether it was free."""

    @abstractmethod
    def put_all(self, rows: Sequence[Row]) -> None:
        """Keep several rows, each unless its place is taken; all are kept on return, some may be if it raises."""

    @abstractmethod
    def get(self, partition: str, row_key: str) -> Row | None:
        """Return a row, or None."""

    @abstractmethod
    def rows(self, partition: str, since: datetime, limit: int = 100) -> list[Row]:
        """Return the rows of a partition from a moment on (inclusive), newest first, at most `limit`."""

    @abstractmethod
    def family(
        self, family: str, currency: str, since: datetime, until: datetime, limit: int = 500, cursor: str | None = None
    ) -> tuple[list[Row], str | None]:
        """Return a page of a family's rows in one currency between two moments (inclusive), oldest first.

        The cursor asks for the next page, None ends. For archives only: a store without such an index may scan.
        """

    @abstractmethod
    def totals(self, family: str, until: datetime) -> dict[str, FamilyTotal]:
        """Return, by currency, the totals of a family's rows up to a moment (inclusive)."""

    @abstractmethod
    def purge(self, now: datetime, limit: int = 400) -> tuple[int, bool]:
        """Remove rows that have expired, at most `limit`; how many, and whether there may be more.

        A store without such an index looks through a part at a time and goes on there the next time. Rows of a family
        that is totalled must not expire.
        """
