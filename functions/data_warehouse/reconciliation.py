"""Reconciliation (PROMISES 14): what every service's own documents add up to, against what the events say.

Names of totals are agreed: a service's `GET /control-totals` and `reports/control_totals.sql` use the same. A total
that is zero and one that is missing are the same.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from functions.data_warehouse.report import reports
from functions.data_warehouse.table import written
from shared.analytics import AnalyticalStore
from shared.calls import Calls
from shared.errors import BoutiqueError
from shared.http.models import Answer, ControlTotals
from shared.manifest import manifest
from shared.values.clock import Timestamp, rfc3339

REPORTER = "report_control_totals"
DEADLINE_S = 20.0
_Totals = Mapping[str, int]


class Difference(Answer):
    """A total on which a service and the events disagree; `unreachable` if the service did not answer."""

    service: str
    total: str
    events: int | None
    documents: int | None


class Reconciliation(Answer):
    """Whether all agree about everything up to `until`; `checked` counts the totals compared."""

    balanced: bool
    differences: list[Difference]
    until: Timestamp
    checked: int

    def to_csv(self) -> str:
        """Return the differences, a line each below the header; nothing but the header when all agree."""
        return written(Difference.model_fields, (tuple(each.model_dump().values()) for each in self.differences))


def reconcile(store: AnalyticalStore, call: Calls, until: datetime) -> Reconciliation:
    """Compare every service that reports control totals with the events."""
    expected = expected_totals(store, until)
    services = {
        name: row.functions[REPORTER].path for name, row in manifest().services.items() if REPORTER in row.functions
    }
    answers = call.together(*(_asking(call, name, path, until) for name, path in services.items()))
    compared = [
        pair
        for name, actual in zip(services, answers, strict=True)
        for pair in _compare(name, expected.get(name, {}), actual)
    ]
    differences = [pair for pair in compared if pair.events != pair.documents or pair.documents is None]
    return Reconciliation(balanced=not differences, differences=differences, until=until, checked=len(compared))


def expected_totals(store: AnalyticalStore, until: datetime) -> dict[str, dict[str, int]]:
    """Return by service and name what the events up to `until` add up to."""
    found: dict[str, dict[str, int]] = {}
    for row in store.query(reports()["control_totals"].sql, {"until": until}):
        found.setdefault(row["service"], {})[row["total"]] = int(row["amount"])
    return found


def _asking(call: Calls, service: str, path: str, until: datetime) -> Callable[[], _Totals | None]:
    def ask() -> _Totals | None:
        try:
            answer = call.get(service, path, ControlTotals, deadline_s=DEADLINE_S, until=rfc3339(until))
        except BoutiqueError:
            return None
        return answer.totals

    return ask


def _compare(service: str, expected: _Totals, actual: _Totals | None) -> list[Difference]:
    if actual is None:
        return [Difference(service=service, total="unreachable", events=None, documents=None)]
    return [
        Difference(service=service, total=total, events=expected.get(total, 0), documents=actual.get(total, 0))
        for total in sorted({*expected, *actual})
    ]
