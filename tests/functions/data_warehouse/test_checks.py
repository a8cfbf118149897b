"""Hourly control totals: made once an hour, kept with what differed, and said aloud."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.data_warehouse.check import Check
from functions.data_warehouse.check_control_totals import check_control_totals
from functions.data_warehouse.list_checks import list_checks
from functions.data_warehouse.reconciliation import REPORTER
from shared.analytics import AnalyticalStore
from shared.manifest import manifest
from shared.settings import Settings
from shared.storage import Database
from tests.scripted_calls import ScriptedCalls

SERVICES = {
    name: row.functions[REPORTER].path for name, row in manifest().services.items() if REPORTER in row.functions
}


def services(now: datetime, **drifted: dict[str, int]) -> ScriptedCalls:
    def answer(service: str) -> Any:
        return {"service": service, "until": now, "totals": drifted.get(service, {})}

    return ScriptedCalls({("GET", f"/{name}{path}"): answer(name) for name, path in SERVICES.items()})


def test_an_hour_is_checked_once(db: Database, store: AnalyticalStore, now: datetime) -> None:
    call = services(now)
    for minutes in (5, 6, 59):
        check_control_totals(db, store, call, Settings(), now + timedelta(minutes=minutes))

    [check] = list_checks(db).items
    assert (check.hour, check.balanced, check.differences) == ("2026-11-20T08", True, ())
    assert len(call.made) == len(SERVICES)


def test_a_drift_is_kept_and_logged_by_name(
    db: Database, store: AnalyticalStore, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    check_control_totals(db, store, services(now), Settings(), now)
    later = now + timedelta(hours=1)
    with caplog.at_level(logging.WARNING):
        check_control_totals(db, store, services(later, crm={"customers.count": 3}), Settings(), later)

    newest, before = list_checks(db).items
    assert (newest.hour, newest.balanced, before.balanced) == ("2026-11-20T09", False, True)
    [difference] = newest.differences
    assert (difference.service, difference.total, difference.events, difference.documents) == (
        "crm",
        "customers.count",
        0,
        3,
    )
    assert caplog.messages == ["crm customers.count: 0 by the events, 3 kept"]


def test_a_difference_of_a_moment_is_none(db: Database, store: AnalyticalStore, now: datetime) -> None:
    call = services(now)
    asked = []

    def moving(_: Any) -> Any:
        asked.append(1)
        return {"service": "crm", "until": now, "totals": {"customers.count": 3 if len(asked) == 1 else 0}}

    call.script[("GET", f"/crm{SERVICES['crm']}")] = moving
    check_control_totals(db, store, call, Settings(), now)

    assert ([check.balanced for check in list_checks(db).items], len(asked)) == ([True], 2)


def test_what_is_younger_than_a_minute_may_be_on_its_way(db: Database, store: AnalyticalStore, now: datetime) -> None:
    call = services(now)
    check_control_totals(db, store, call, Settings(), now)
    check_control_totals(db, store, call, Settings(reconciliation_lag_s=900), now + timedelta(hours=1))

    asked = {body["until"] for _, _, body in call.made}
    assert asked == {"2026-11-20T07:59:00.000000Z", "2026-11-20T08:45:00.000000Z"}


def test_checks_are_kept_for_a_quarter(db: Database, store: AnalyticalStore, now: datetime) -> None:
    check_control_totals(db, store, services(now), Settings(), now)

    quarter = now + timedelta(days=92)
    assert [check.forgotten_at for check in db.query(Check).items] == [quarter]
    for later in (quarter, quarter + timedelta(hours=1)):
        check_control_totals(db, store, services(later), Settings(), later)
        kept = [check.hour for check in list_checks(db).items]
        assert ("2026-11-20T08" in kept) == (later == quarter)
    assert len(kept) == 2
