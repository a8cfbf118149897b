"""The analytical store's tables in the words of BigQuery's REST API and of Terraform; nothing here calls Google.

Every table is partitioned by the event's day: a load looks for what is there already in the days of its batch alone,
however large the table is. `events` is clustered by type and then order, because every report names the types it reads
and an order's story names the order; a type's own table by order, or by subject where there is none. No partition
expires, and none has to be named: reports look at all days up to a moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.analytics.schema import EVENTS, HEAD, Column, event_type, tables

Field = dict[str, Any]
"""A field as the API has it: name, type, mode, and the fields of a RECORD."""

LOADS = "loads"
"""One row, that of the last load: whoever changes it keeps every other load out."""
_SAME = {"INT64": "INTEGER", "BOOL": "BOOLEAN", "STRUCT": "RECORD"}
_STATEMENTS = {api: sql for sql, api in _SAME.items()}
PARTITIONED = {"type": "DAY", "field": "day"}


class SchemaConflict(Exception):
    """A defect: a table is there and differs in more than columns that it has not got yet."""


def fields(columns: Iterable[Column]) -> list[Field]:
    """Return columns as the API has them; every one may be null."""
    return [_field(column) for column in columns]


def table(name: str) -> dict[str, Any]:
    """Return a table as the API has it (without its reference); KeyError for a name that is none of ours."""
    if name == LOADS:
        return {
            "description": "The last load; changing its one row keeps other loads out.",
            "schema": {"fields": fields((Column("batch", "STRING"), Column("loaded_at", "TIMESTAMP")))},
        }
    if name == "events":
        return _by_day("Every event, whole.", EVENTS, ["type", "order_id"])
    columns = (*HEAD, *tables()[name])
    cluster = "order_id" if any(column.name == "order_id" for column in columns) else "subject"
    return _by_day(f"Every {event_type(name)}, a column per field.", columns, [cluster])


def table_names() -> list[str]:
    """Return every table: `events`, each published type's own, and `loads`."""
    return ["events", LOADS, *sorted(tables())]


def staged(table: str, field: str) -> str:
    """Return the column that holds a field's value while a batch lies in its own table."""
    return f"{table}__{field}"


def sql_type(field: Field) -> str:
    """Return a field's type as statements have it: `ARRAY<STRUCT<`sku` STRING, `quantity` INT64>>`."""
    kind = _STATEMENTS.get(field["type"]) or str(field["type"])
    if "fields" in field:
        kind = "STRUCT<" + ", ".join(f"`{each['name']}` {sql_type(each)}" for each in field["fields"]) + ">"
    return f"ARRAY<{kind}>" if field.get("mode") == "REPEATED" else kind


def widened(name: str, there: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Field]:
    """Return a table's fields with those that it has not got yet at their ends; SchemaConflict if more differs.

    What only the table has stays: a later revision of ours added it and may run beside this one.
    """
    for key in ("timePartitioning", "clustering"):
        if _said(there.get(key)) != _said(wanted.get(key)):
            raise SchemaConflict(f"{name} has {key} {_said(there.get(key))}, wanted {_said(wanted.get(key))}")
    return _widened(name, there.get("schema", {}).get("fields", []), wanted["schema"]["fields"])


def _by_day(about: str, columns: Iterable[Column], clustered: list[str]) -> dict[str, Any]:
    return {
        "description": about,
        "timePartitioning": PARTITIONED,
        "clustering": {"fields": clustered},
        "schema": {"fields": fields(columns)},
    }


def _field(column: Column) -> Field:
    field: Field = {
        "name": column.name,
        "type": _SAME.get(column.kind, column.kind),
        "mode": "REPEATED" if column.repeated else "NULLABLE",
    }
    return {**field, "fields": fields(column.fields)} if column.fields else field


def _widened(path: str, there: Sequence[Field], wanted: Sequence[Field]) -> list[Field]:
    new = {field["name"].lower(): field for field in wanted}
    kept = [_kept(path, field, new.pop(field["name"].lower(), None)) for field in there]
    return kept + list(new.values())


def _kept(path: str, there: Field, wanted: Field | None) -> Field:
    if wanted is None:
        return there
    here = f"{path}.{there['name']}"
    if _shape(there) != _shape(wanted):
        raise SchemaConflict(f"{here} is {' '.join(_shape(there))}, wanted {' '.join(_shape(wanted))}")
    inner = {"fields": _widened(here, there.get("fields", []), wanted["fields"])} if "fields" in wanted else {}
    return {**there, **inner}


def _shape(field: Field) -> tuple[str, str]:
    kind = field["type"].upper()
    return field.get("mode", "NULLABLE").upper(), _SAME.get(kind, kind)


def _said(setting: Mapping[str, Any] | None) -> dict[str, Any]:
    return {key: value for key, value in (setting or {}).items() if key in ("type", "field", "fields")}
