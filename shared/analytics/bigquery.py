"""The adapter over BigQuery, with Google's own client; an emulator is spoken to without credentials.

Loads of one process take turns: at once they would only cancel each other (see `bigquery_load`). A load that was not
heard of in time may still commit; loading again adds nothing, as the port promises.
"""

import io
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import TimeoutError as NotDone
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4

import orjson
from google.api_core.exceptions import (
    BadRequest,
    Forbidden,
    GoogleAPIError,
    NotFound,
    PreconditionFailed,
    RetryError,
    ServerError,
    TooManyRequests,
)
from google.api_core.retry import Retry
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import TransportError
from google.cloud import bigquery
from requests.exceptions import RequestException

from shared.analytics.bigquery_load import script
from shared.analytics.bigquery_rows import day_of, line
from shared.analytics.bigquery_schema import LOADS, Field, fields, sql_type, staged, table, table_names, widened
from shared.analytics.port import AnalyticalStore, QueryFailed, Row
from shared.analytics.schema import EVENTS, HEAD, table_name
from shared.errors import Unavailable
from shared.events.envelope import Envelope
from shared.storage.guard import leaving
from shared.values.clock import utc_now

R = TypeVar("R")

CALL_S, JOB_S = 10.0, 25.0
"""How long one call and one job are waited for: two jobs fit into the minute that a function has."""
ATTEMPTS, PAUSE_S = 5, 0.5
CANCELLED = "concurrent update"
"""What BigQuery says of a transaction that it cancelled for another one."""
KEPT = timedelta(hours=1)
"""How long a batch lies in its own table if its load fails, or its process is killed."""

_RETRY = Retry(initial=0.1, maximum=2.0, multiplier=2.0, timeout=CALL_S)
_BUSY = ("rateLimitExceeded", "quotaExceeded", "jobRateLimitExceeded")
_SILENT = (ServerError, TooManyRequests, RetryError, NotDone, RequestException, TransportError)
_taking_turns = threading.Lock()


@cache
def connected(project: str, dataset: str, endpoint: str) -> "BigQueryStore":
    """Return this process's one store over a dataset."""
    return BigQueryStore(project, dataset, endpoint)


class BigQueryStore(AnalyticalStore):
    """The store in a dataset of a project, at Google or at an emulator's address. Threads may share it."""

    def __init__(self, project: str, dataset: str, endpoint: str = "") -> None:
        """Connect; nothing is asked of BigQuery yet. The dataset itself is made at an emulator only."""
        self._client = bigquery.Client(
            project=project,
            credentials=AnonymousCredentials() if endpoint else None,  # type: ignore[no-untyped-call]
            client_options={"api_endpoint": endpoint} if endpoint else None,
        )
        self._dataset = f"{project}.{dataset}"
        self._emulated = bool(endpoint)
        self._fields: dict[str, list[Field]] = {}

    def load(self, events: Sequence[Envelope]) -> int:
        """Stage the batch by a load job, then move it in one transaction; see the port."""
        leaving("rows for the analytical store")
        if not events:
            return 0
        batch = list({event.id: event for event in events}.values())
        with _taking_turns:
            return _asked(lambda: self._settled(batch))

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Ask; the tables that a question names are made if no event of theirs has come yet."""
        given = [_parameter(name, value) for name, value in (parameters or {}).items()]
        return _asked(lambda: self._rows(sql, given))

    def ensure_tables(self, names: Sequence[str]) -> None:
        """Make tables that are missing and add columns that are new; SchemaConflict if one differs otherwise."""
        for name in names:
            if name not in self._fields:
                self._fields[name] = self._ensured(name)

    def close(self) -> None:
        """Close the connections; a store that is used again opens others."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _loaded(self, batch: Sequence[Envelope]) -> int:
        names = {table_name(event.type) for event in batch} & set(table_names())
        self.ensure_tables(["events", LOADS, *sorted(names)])
        typed = {name: _own(self._fields[name]) for name in sorted(names)}
        lying = self._stage(batch, typed)
        days = [day_of(event) for event in batch]
        (row,) = self._run(script(self._dataset, lying, (min(days), max(days)), typed), [])
        # Only now: a script that was not heard of in time may still be reading it.
        with suppress(GoogleAPIError, RequestException):
            self._client.delete_table(f"{self._dataset}.{lying}", retry=_RETRY, timeout=CALL_S, not_found_ok=True)
        return int(row["added"])

    def _stage(self, batch: Sequence[Envelope], typed: Mapping[str, Sequence[Field]]) -> str:
        name = f"batch_{uuid4().hex}"
        own = [field | {"name": staged(of, field["name"])} for of, held in typed.items() for field in held]
        schema = [*fields(EVENTS), *own]
        fresh = self._table(name, {"schema": {"fields": schema}})
        fresh.expires = utc_now() + KEPT
        self._client.create_table(fresh, retry=_RETRY, timeout=CALL_S)
        lines = b"\n".join(line(event, typed) for event in batch)
        config = bigquery.LoadJobConfig(
            source_format=bigquery.SourceFormat.NEWLINE_DELIMITED_JSON, schema=[_schema_field(each) for each in schema]
        )
        job = self._client.load_table_from_file(
            io.BytesIO(lines), fresh.reference, num_retries=2, job_config=config, timeout=JOB_S
        )
        job.result(retry=_RETRY, timeout=JOB_S)
        return name

    def _settled(self, batch: Sequence[Envelope]) -> int:
        """Load; again after a pause if another process was faster, and once if the tables have changed meanwhile."""
        for attempt in range(ATTEMPTS):
            try:
                return self._loaded(batch)
            except BadRequest as error:
                if CANCELLED in str(error):
                    time.sleep(PAUSE_S * 2**attempt * random.uniform(0.5, 1.5))
                elif attempt == 0:
                    self._fields.clear()
                else:
                    raise
        raise Unavailable("other loads kept the analytical store busy")

    def _rows(self, sql: str, given: list[bigquery.ScalarQueryParameter]) -> list[Row]:
        self.ensure_tables([name for name in table_names() if name in sql])
        return self._run(sql, given)

    def _run(self, sql: str, given: list[bigquery.ScalarQueryParameter]) -> list[Row]:
        config = bigquery.QueryJobConfig(default_dataset=self._dataset, query_parameters=given)
        job = self._client.query(sql, job_config=config, retry=_RETRY, job_retry=None, timeout=CALL_S)
        found = job.result(retry=_RETRY, job_retry=None, timeout=JOB_S)
        texts = [field.name for field in found.schema if field.field_type == "JSON" and field.mode != "REPEATED"]
        return [_with_texts(dict(row.items()), texts) for row in found]

    def _ensured(self, name: str) -> list[Field]:
        wanted = table(name)
        for _ in range(ATTEMPTS):
            there = self._found(name) or self._made(name, wanted)
            if name == LOADS and not there.num_rows:
                self._begin()
            held = there.to_api_repr()
            wide = widened(name, held, wanted)
            if wide == held["schema"]["fields"]:
                return wide
            there.schema = [_schema_field(each) for each in wide]
            with suppress(PreconditionFailed):  # another process was faster: look again
                self._client.update_table(there, ["schema"], retry=_RETRY, timeout=CALL_S)
                if self._emulated:
                    self._widen_data(name, wide[len(held["schema"]["fields"]) :])
        raise Unavailable(f"the columns of {name} are being changed by others")

    def _widen_data(self, name: str, new: Sequence[Field]) -> None:
        """Add columns to an emulator's rows too: its tables.patch changes what it says of a table, and no more."""
        for each in new:
            column = f"`{each['name']}` {sql_type(each)}"
            self._run(f"ALTER TABLE `{self._dataset}.{name}` ADD COLUMN IF NOT EXISTS {column}", [])

    def _found(self, name: str) -> bigquery.Table | None:
        try:
            return self._client.get_table(f"{self._dataset}.{name}", retry=_RETRY, timeout=CALL_S)
        except NotFound:
            return None

    def _made(self, name: str, wanted: Mapping[str, Any]) -> bigquery.Table:
        if self._emulated:
            self._client.create_dataset(self._dataset, exists_ok=True, retry=_RETRY, timeout=CALL_S)
        return self._client.create_table(self._table(name, wanted), exists_ok=True, retry=_RETRY, timeout=CALL_S)

    def _begin(self) -> None:
        """Put in the row that loads change; one too many, of two processes at once, does no harm."""
        loads = f"`{self._dataset}.{LOADS}`"
        none = f"(SELECT COUNT(*) FROM {loads}) = 0"  # noqa: S608  (our own names)
        self._run(f"INSERT INTO {loads} (batch) SELECT 'none' FROM (SELECT 1) WHERE {none}", [])  # noqa: S608

    def _table(self, name: str, body: Mapping[str, Any]) -> bigquery.Table:
        project, dataset = self._dataset.split(".")
        reference = {"projectId": project, "datasetId": dataset, "tableId": name}
        return bigquery.Table.from_api_repr({**body, "tableReference": reference})


def _own(held: Sequence[Field]) -> list[Field]:
    head = {column.name for column in HEAD}
    return [field for field in held if field["name"] not in head]


def _schema_field(field: Field) -> bigquery.SchemaField:
    return bigquery.SchemaField.from_api_repr(field)


def _with_texts(row: Row, texts: Sequence[str]) -> Row:
    return row | {name: orjson.dumps(row[name]).decode() for name in texts if row[name] is not None}


def _parameter(name: str, value: Any) -> bigquery.ScalarQueryParameter:
    for kind, sql in _PARAMETERS:
        if isinstance(value, kind):
            return bigquery.ScalarQueryParameter(name, sql, value)
    raise TypeError(f"@{name} is a {type(value).__name__}, for which there is no parameter's type")


_PARAMETERS = (
    (bool, "BOOL"),
    (int, "INT64"),
    (Decimal, "NUMERIC"),
    (datetime, "TIMESTAMP"),
    (date, "DATE"),
    (str, "STRING"),
)


def _asked(work: Callable[[], R]) -> R:
    """Do it; Unavailable where asking again may help, QueryFailed with BigQuery's own words where it will not."""
    try:
        return work()
    except _SILENT as error:
        raise Unavailable(f"BigQuery did not answer: {error}") from error
    except GoogleAPIError as error:
        if isinstance(error, Forbidden) and any(each.get("reason") in _BUSY for each in error.errors):
            raise Unavailable(f"BigQuery is busy: {error}") from error
        raise QueryFailed(str(error)) from error
