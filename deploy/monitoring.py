"""What is asked of Cloud Monitoring about Cloud Run's revisions."""

from datetime import datetime, timedelta
from typing import Any

import requests

from deploy.gcloud import Place

_LIST = "https://monitoring.googleapis.com/v3/projects/{project}/timeSeries"
_BY = ["resource.labels.revision_name"]


def counts(place: Place, now: datetime, window: timedelta) -> dict[str, Any]:
    """Return the query for requests by revision and class of answer."""
    by = [*_BY, "metric.labels.response_code_class"]
    return _query("request_count", "REDUCE_SUM", by, place, now, window)


def latencies(place: Place, now: datetime, window: timedelta) -> dict[str, Any]:
    """Return the query for the 95th percentile of the latency by revision, ms."""
    return _query("request_latencies", "REDUCE_PERCENTILE_95", _BY, place, now, window)


def _query(metric: str, reducer: str, by: list[str], place: Place, now: datetime, window: timedelta) -> dict[str, Any]:
    return {
        "filter": f'metric.type="run.googleapis.com/{metric}" AND resource.type="cloud_run_revision"'
        f' AND resource.labels.location="{place.region}"',
        "interval.startTime": _written(now - window),
        "interval.endTime": _written(now),
        "aggregation.alignmentPeriod": f"{int(window.total_seconds())}s",
        "aggregation.perSeriesAligner": "ALIGN_DELTA",
        "aggregation.crossSeriesReducer": reducer,
        "aggregation.groupByFields": by,
    }


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def ask(query: dict[str, Any], place: Place, token: str) -> dict[str, Any]:
    """Return the answer, pages put together; HTTPError if Monitoring refuses."""
    found: dict[str, Any] = {"timeSeries": []}
    page = ""
    while True:
        answer = requests.get(
            _LIST.format(project=place.project),
            params={**query, **({"pageToken": page} if page else {})},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        answer.raise_for_status()
        told = answer.json()
        found["timeSeries"] += told.get("timeSeries", [])
        page = told.get("nextPageToken", "")
        if not page:
            return found
