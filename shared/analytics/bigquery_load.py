"""The script that moves a batch into the tables: one transaction, so all of it or nothing, and nothing twice.

Streaming inserts dedupe by best effort for a minute or so; a load job or a MERGE on its own reads a snapshot, and two
at once would both find an event missing. Here every transaction first changes the one row of `loads`. BigQuery cancels
a transaction that changes rows which another is changing, so of two loads at once the second runs again, and then
sees what the first has added.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from shared.analytics.bigquery_schema import LOADS, Field, staged
from shared.analytics.schema import EVENTS, HEAD, event_type

_HEAD = {"event_id": "id"}


def script(dataset: str, batch: str, days: tuple[date, date], typed: Mapping[str, Sequence[Field]]) -> str:
    """Return the script for the table `batch`, whose events lie between two days; it answers `added`, the new events.

    All names and days are ours, not an event's. An event's day never changes, so whether it is there already is looked
    for in those days' partitions alone; each table is asked for itself, so one that was made later is filled by loading
    again.
    """
    source = f"`{dataset}.{batch}` AS batch"
    between = f"day BETWEEN DATE '{days[0]}' AND DATE '{days[1]}'"

    def fresh(table: str, key: str) -> str:
        return f"batch.id NOT IN (SELECT {key} FROM `{dataset}.{table}` WHERE {between})"  # noqa: S608

    def insert(table: str, columns: Mapping[str, str], only: str) -> str:
        names, values = ", ".join(f"`{name}`" for name in columns), ", ".join(columns.values())
        return f"INSERT INTO `{dataset}.{table}` ({names}) SELECT {values} FROM {source} WHERE {only};"  # noqa: S608

    whole = {column.name: f"batch.`{column.name}`" for column in EVENTS}
    return "\n".join(
        (
            "DECLARE added INT64;",
            "BEGIN TRANSACTION;",
            f"UPDATE `{dataset}.{LOADS}` SET batch = '{batch}', loaded_at = CURRENT_TIMESTAMP() WHERE TRUE;",  # noqa: S608
            f"SET added = (SELECT COUNT(*) FROM {source} WHERE {fresh('events', 'id')});",  # noqa: S608
            *(
                insert(
                    table, _columns(table, fields), f"batch.type = '{event_type(table)}' AND {fresh(table, 'event_id')}"
                )
                for table, fields in typed.items()
            ),
            insert("events", whole, fresh("events", "id")),
            "COMMIT TRANSACTION;",
            "SELECT added AS added;",
        )
    )


def _columns(table: str, fields: Sequence[Field]) -> dict[str, str]:
    head = {column.name: f"batch.`{_HEAD.get(column.name, column.name)}`" for column in HEAD}
    return head | {field["name"]: f"batch.`{staged(table, field['name'])}`" for field in fields}
