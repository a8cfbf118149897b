"""The analytical store: every event as a row, asked in BigQuery's SQL; and its adapters."""

from shared.analytics.port import AnalyticalStore, QueryFailed

__all__ = ["AnalyticalStore", "QueryFailed"]
