"""The History port over Azure Table Storage: the cloud's adapter, signed in as the function app's managed identity.

A row is two entities of its partition, put in one transaction: under its row key, and under `~` and its time turned
round, so that the newest come first. A row of a family is filed as well, in the partition of the day it was put on: a
day that is over gets no more rows, so its totals are added up once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, Self

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.data.tables import TableClient, TableTransactionError

from functions.fraud import table_entities as entities
from functions.fraud.history import FamilyTotal, History, Row
from functions.fraud.managed_identity import ManagedIdentity
from functions.fraud.table_totals import TableTotals
from shared.errors import Unavailable
from shared.settings import Settings
from shared.values.clock import Clock, utc_now

_TOGETHER = 50
"""Rows put in one transaction: Azure takes 100 entities."""
_PATIENCE: Mapping[str, Any] = {
    "connection_timeout": 1,
    "read_timeout": 2,
    "retry_total": 2,
    "retry_backoff_factor": 0.05,
}
"""Whoever waits for a score waits 800 ms; the SDK would try for a minute."""
SEARCHING: Mapping[str, Any] = {"read_timeout": 10}
"""For what looks through many partitions: Azure searches for up to five seconds before it answers with a part."""
LONGEST_DELAY = timedelta(days=31)
"""`family` finds what was put at most so long after its time; `totals` count all."""


class TableHistory(History):
    """Keeps rows in one table."""

    def __init__(self, table: TableClient, clock: Clock = utc_now) -> None:
        self._table, self._clock = table, clock
        self._totals = TableTotals(table, clock)

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Open the table that the settings name; nothing is asked before the first row is."""
        return cls(TableClient(settings.tables, settings.table, credential=ManagedIdentity(settings), **_PATIENCE))

    def put_once(self, row: Row) -> bool:
        """Keep a row unless its place is taken. One that was put but not filed, by a process that ended, is filed."""
        with _in_reach():
            entity = entities.of(row, self._clock())
            free = self._create([entity])
            if row.family:
                stored = entity if free else self._table.get_entity(row.partition, row.row_key)
                self._file(stored)
            return free

    def put_all(self, rows: Sequence[Row]) -> None:
        """Keep several rows: those of one partition in one transaction, unless one of them is there already."""
        for partition in dict.fromkeys(row.partition for row in rows):
            own = iter([row for row in rows if row.partition == partition])
            while together := list(islice(own, _TOGETHER)):
                with _in_reach():
                    fresh = [entities.of(row, self._clock()) for row in together if not row.family]
                    taken = fresh and not self._create(fresh)
                for row in together:
                    if row.family or (taken and len(fresh) > 1):
                        self.put_once(row)

    def get(self, partition: str, row_key: str) -> Row | None:
        """Return a row by its place."""
        with _in_reach():
            try:
                return entities.row(self._table.get_entity(partition, row_key))
            except ResourceNotFoundError:
                return None

    def rows(self, partition: str, since: datetime, limit: int = 100) -> list[Row]:
        """Return the newest rows of a partition, read in their order and no further than asked."""
        within = "PartitionKey eq @partition and RowKey gt @newest and RowKey lt @oldest"
        parameters = {"partition": partition, "newest": "~", "oldest": entities.oldest(since)}
        with _in_reach():
            found = self._table.query_entities(within, parameters=parameters, results_per_page=min(limit, 1000))
            return [entities.row(entity) for entity in islice(found, limit)]

    def family(
        self, family: str, currency: str, since: datetime, until: datetime, limit: int = 500, cursor: str | None = None
    ) -> tuple[list[Row], str | None]:
        """Return a page of a family, from the days on which its rows may have been put."""
        days = "PartitionKey ge @first and PartitionKey le @last"
        within = f"{days} and currency eq @currency and at ge @since and at le @until"
        parameters = {
            "first": entities.drawer(family, since),
            "last": entities.drawer(family, until + LONGEST_DELAY),
            "currency": currency,
            "since": entities.moment(since),
            "until": entities.moment(until),
        }
        with _in_reach():
            found: list[Row] = []
            while len(found) < limit:
                pages = self._table.query_entities(
                    within, parameters=parameters, results_per_page=min(limit - len(found), 1000), **SEARCHING
                ).by_page(entities.place(cursor))
                found += [entities.row(entity) for entity in next(pages, [])]
                cursor = entities.cursor(pages.continuation_token)  # type: ignore[attr-defined]
                if cursor is None:
                    break
            return found, cursor

    def totals(self, family: str, until: datetime) -> dict[str, FamilyTotal]:
        """Sum up a family: what is known of the days that are over, and the rows since."""
        with _in_reach():
            return self._totals.until(family, until)

    def purge(self, now: datetime, limit: int = 400) -> tuple[int, bool]:
        """Delete what has expired in the next part of the table; a part is what Azure answers in one page."""
        with _in_reach():
            pages = self._table.query_entities(
                "expires lt @now",
                parameters={"now": entities.moment(now)},
                select=["PartitionKey", "RowKey"],
                results_per_page=min(limit, 1000),
                **SEARCHING,
            ).by_page(entities.place(self._purged_up_to()))
            found = list(next(pages, []))
            for partition in dict.fromkeys(entity["PartitionKey"] for entity in found):
                self._delete([entity for entity in found if entity["PartitionKey"] == partition])
            reached = entities.cursor(pages.continuation_token)  # type: ignore[attr-defined]
            self._table.upsert_entity({"PartitionKey": "purge", "RowKey": "reached", "cursor": reached or ""})
            return sum(entities.is_row(entity) for entity in found), reached is not None

    def _purged_up_to(self) -> str | None:
        try:
            return str(self._table.get_entity("purge", "reached")["cursor"]) or None
        except ResourceNotFoundError:
            return None

    def _create(self, fresh: Sequence[Mapping[str, Any]]) -> bool:
        """Put entities and their twins in one transaction; False, and nothing put, if one is there."""
        operations = [("create", {**each}) for entity in fresh for each in (entity, entities.newest_first(entity))]
        try:
            self._table.submit_transaction(operations)
        except TableTransactionError as error:
            if error.status_code != 409:
                raise
            return False
        return True

    def _file(self, entity: Mapping[str, Any]) -> None:
        filed = entities.filed(entity)
        if filed is not None:
            _unless(ResourceExistsError, partial(self._table.create_entity, filed))

    def _delete(self, found: Sequence[Mapping[str, Any]]) -> None:
        """Delete entities of one partition in one transaction; one by one if somebody else has deleted some."""
        places = [{name: entity[name] for name in ("PartitionKey", "RowKey")} for entity in found]
        try:
            for start in range(0, len(places), 2 * _TOGETHER):
                self._table.submit_transaction([("delete", place) for place in places[start : start + 2 * _TOGETHER]])
        except TableTransactionError:
            for place in places:
                _unless(ResourceNotFoundError, partial(self._table.delete_entity, place))


def _unless(done: type[AzureError], work: Callable[[], Any]) -> None:
    """Do what may have been done already."""
    try:
        work()
    except done:
        return


@contextmanager
def _in_reach() -> Iterator[None]:
    """Say of whatever goes wrong between us and the table that asking again may help."""
    try:
        yield
    except AzureError as error:
        raise Unavailable("fraud's history is not in reach") from error
