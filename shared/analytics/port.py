"""The port: what is put into the analytical store and how it is asked.

One table, `events`: id, type, source, subject (text), time (a moment, UTC), day (its date), order_id, trace_id (text or
null), data (JSON). Questions are written in BigQuery's dialect with named parameters (`@until`); an adapter of another
store translates.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from shared.events.envelope import Envelope
from shared.settings import Settings

Row = dict[str, Any]


class QueryFailed(Exception):
    """A defect: the store refused a question (syntax, unknown column, a cast that fails on the data)."""


class AnalyticalStore(ABC):
    """Rows of all events. Whoever loads is safe to load the same events again."""

    @classmethod
    def connect(cls, settings: Settings) -> "AnalyticalStore":
        """Return BigQuery in the cloud, and wherever the address of one is set; on a laptop the store in its file.

        The process that owns the file gets the store itself, every other one that forwards to the owner.
        """
        if settings.platform == "cloud" or settings.bigquery:
            from shared.analytics.bigquery import connected  # noqa: PLC0415  (Google's client takes 0.15 s to import)

            return connected(settings.project, settings.dataset, settings.bigquery)
        from shared.analytics.owner import owned  # noqa: PLC0415  (the adapters are imported by whoever needs them)

        store = owned(settings)
        if store is not None:
            return store
        from shared.analytics.forwarding import ForwardingStore  # noqa: PLC0415

        return ForwardingStore(settings.data)

    @abstractmethod
    def load(self, events: Sequence[Envelope]) -> int:
        """Append those events whose id is not there yet, all or none, durably; returns how many were new.

        Unavailable if the store doesn't answer: load the same again. Refuses to work inside a transaction.
        """

    @abstractmethod
    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Ask in BigQuery's dialect; rows by column name. Exact numbers come as int or Decimal, times as UTC datetimes.

        Raises QueryFailed, or Unavailable if the store doesn't answer.
        """

    @abstractmethod
    def close(self) -> None:
        """Give back files and connections."""
