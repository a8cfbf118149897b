"""How rows are written as entities of a table, and read back.

Times are text of fixed width in UTC, so that they compare as they follow one another. No row key holds `~`.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from functions.fraud.history import Row
from shared.values.clock import rfc3339
from shared.values.money import Money

Entity = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_END = 10**16
"""Microseconds from the epoch: the year 2286."""
_PIECE = 30_000
"""Characters in one property: Azure takes 32,768."""
_FAMILY = "family."


def of(row: Row, now: datetime) -> Entity:
    """Return the entity of a row that is put now."""
    entity: Entity = {"PartitionKey": row.partition, "RowKey": row.row_key, "at": moment(row.at)}
    written = json.dumps(row.values, separators=(",", ":"))
    pieces = [written[start : start + _PIECE] for start in range(0, len(written), _PIECE)]
    entity |= {f"values{number}": piece for number, piece in enumerate(pieces)}
    if row.expires_at is not None:
        entity["expires"] = moment(row.expires_at)
    if row.family is not None:
        entity["family"] = row.family
    if row.amount is not None:
        entity |= {"currency": row.amount.currency, "minor": str(row.amount.minor)}
    if row.family is not None and row.amount is not None:
        entity["filed"] = moment(now)[:10]
    return entity


def row(entity: Mapping[str, Any]) -> Row:
    """Return the row of an entity, of its twin or of what was filed of it."""
    amount = Money(entity["currency"], int(entity["minor"])) if "currency" in entity else None
    written = "".join(entity[name] for name in sorted((n for n in entity if n.startswith("values")), key=_number))
    return Row(
        entity.get("partition", entity["PartitionKey"]),
        entity.get("row_key", entity["RowKey"]),
        datetime.fromisoformat(entity["at"]),
        json.loads(written),
        entity.get("family"),
        amount,
        datetime.fromisoformat(entity["expires"]) if "expires" in entity else None,
    )


def newest_first(entity: Mapping[str, Any]) -> Entity:
    """Return an entity's twin, by which a partition is read from its newest row on."""
    place = f"~{_turned(datetime.fromisoformat(entity['at'])):016d}~{entity['RowKey']}"
    return {**entity, "RowKey": place, "row_key": entity["RowKey"]}


def oldest(since: datetime) -> str:
    """Return the row key before which the twins of a partition's rows since a moment lie."""
    return f"~{_turned(since) + 1:016d}"


def filed(entity: Mapping[str, Any]) -> Entity | None:
    """Return what is filed of a row of a family, by the day on which it was put; None for other rows."""
    if "filed" not in entity:
        return None
    partition, key = entity["PartitionKey"], entity["RowKey"]
    place = {"PartitionKey": f"{_FAMILY}{entity['family']}.{entity['filed']}"}
    place["RowKey"] = f"{entity['at']}~{partition}~{key}"
    return {**entity, **place, "partition": partition, "row_key": key}


def is_row(entity: Mapping[str, Any]) -> bool:
    """Say whether this is a row under its own key: neither its twin nor what was filed of it."""
    return not str(entity["PartitionKey"]).startswith(_FAMILY) and not str(entity["RowKey"]).startswith("~")


def drawer(family: str, day: datetime) -> str:
    """Return the partition in which a family's rows of one day are filed."""
    return f"{_FAMILY}{family}.{moment(day)[:10]}"


def moment(at: datetime) -> str:
    """Return a time as entities hold it."""
    return rfc3339(at)


def cursor(token: Mapping[str, Any] | None) -> str | None:
    """Return the service's continuation token as text."""
    return base64.urlsafe_b64encode(json.dumps(token).encode()).decode() if token else None


def place(written: str | None) -> Any:
    """Return the continuation token of a cursor."""
    return json.loads(base64.urlsafe_b64decode(written)) if written else None


def _turned(at: datetime) -> int:
    return _END - (at - _EPOCH) // _MICROSECOND


def _number(name: str) -> int:
    return int(name.removeprefix("values"))
