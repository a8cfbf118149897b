"""Totals of a family in a table: the days that are over, added up once and kept, and the rows filed since."""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables import TableClient, UpdateMode

from functions.fraud import table_entities as entities
from functions.fraud.history import FamilyTotal
from shared.values.clock import Clock

OVER_AFTER = timedelta(days=2)
"""A day is over then: a row is filed, by the clock of who puts it, moments after it was put."""
_NEVER = "0001-01-01"


class TableTotals:
    """Adds up what is filed of a family; a kept sum is an entity of its own, replaced only as it was read."""

    def __init__(self, table: TableClient, clock: Clock) -> None:
        self._table, self._clock = table, clock

    def until(self, family: str, until: datetime) -> dict[str, FamilyTotal]:
        """Return, by currency, the totals of the rows up to a moment."""
        kept = self._kept(family)
        through, sums = (str(kept["through"]), _read(kept)) if kept else (_NEVER, Counter())
        if entities.moment(until)[:10] <= through:  # asked about days whose rows have been added up together
            through, sums = _NEVER, Counter()
        over = min(entities.moment(day)[:10] for day in (self._clock() - OVER_AFTER, until - timedelta(days=1)))
        closed = Counter(sums)
        for row in self._filed(family, through):
            amounts = {f"{row['currency']}.count": 1, f"{row['currency']}.minor": int(row["minor"])}
            if row["at"] <= entities.moment(until):
                sums.update(amounts)
            if row["filed"] <= over:
                closed.update(amounts)
        if over > max(through, str(kept["through"]) if kept else _NEVER):
            self._keep(family, over, closed, kept)
        return {
            name.removesuffix(".count"): FamilyTotal(count, sums[name.replace(".count", ".minor")])
            for name, count in sums.items()
            if name.endswith(".count")
        }

    def _kept(self, family: str) -> Mapping[str, Any] | None:
        try:
            return self._table.get_entity(f"totals.{family}", "kept")
        except ResourceNotFoundError:
            return None

    def _filed(self, family: str, after: str) -> Any:
        """Read what was filed on the days after `after`."""
        first = entities.drawer(family, datetime.fromisoformat(f"{after}T00:00:00Z"))
        return self._table.query_entities(
            "PartitionKey gt @after and PartitionKey lt @end",
            parameters={"after": first, "end": f"{first[:-10]}9999"},
            select=["currency", "minor", "filed", "at"],
            read_timeout=10,  # Azure searches for up to five seconds before it answers with a part
        )

    def _keep(self, family: str, through: str, sums: Mapping[str, int], kept: Mapping[str, Any] | None) -> None:
        """Keep a sum, unless somebody else has kept one meanwhile."""
        entity = {
            "PartitionKey": f"totals.{family}",
            "RowKey": "kept",
            "through": through,
            "sums": json.dumps(sums),
        }
        try:
            if kept is None:
                self._table.create_entity(entity)
            else:
                etag = kept.metadata["etag"]  # type: ignore[attr-defined]
                self._table.update_entity(
                    entity, mode=UpdateMode.REPLACE, etag=etag, match_condition=MatchConditions.IfNotModified
                )
        except (ResourceExistsError, ResourceModifiedError):
            return


def _read(kept: Mapping[str, Any]) -> "Counter[str]":
    return Counter(json.loads(kept["sums"]))
