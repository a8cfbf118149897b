"""Who is let in without a token: nobody, but the one caller of the one service whose row says so and why."""

from collections.abc import Iterator

import pytest
from pydantic import ValidationError

from shared.calls.transport import in_process
from shared.manifest import ServiceRow, manifest
from tests.in_process import InProcess

ROWS = manifest().services
ROUTES = [
    (service, name, row.method, row.path)
    for service, whole in ROWS.items()
    for name, row in whole.functions.items()
    if row.http
]
ADMITS_BY_NETWORK = ["legacy_checkout"]


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    started = InProcess(tmp_path_factory.mktemp("admission"))
    yield started
    started.close()


def status(estate: InProcess, service: str, method: str, path: str) -> int:
    """The answer to a request without a token; `{name}` of a path is asked as `x`."""
    prefix = "/api" if ROWS[service].runs_on == "azure_functions" and not path.startswith("/api") else ""
    asked = "/".join("x" if part.startswith("{") else part for part in path.split("/"))
    app = estate.estate.services[service]
    return in_process(app, method, prefix + asked, {}, b"{}", {"Content-Type": "application/json"}, 30).status


def test_one_service_admits_by_network_and_says_why() -> None:
    assert [name for name, row in ROWS.items() if row.admits == "network"] == ADMITS_BY_NETWORK
    assert all(ROWS[name].admits_reason for name in ADMITS_BY_NETWORK)


def test_the_services_that_answer_without_a_token_are_those(estate: InProcess) -> None:
    answering = {service for service, _, method, path in ROUTES if status(estate, service, method, path) != 401}

    assert sorted(answering) == ADMITS_BY_NETWORK


@pytest.mark.parametrize("service", ADMITS_BY_NETWORK)
def test_there_only_the_old_checkouts_routes_do(estate: InProcess, service: str) -> None:
    row = ROWS[service]
    for where, name, method, path in ROUTES:
        if where == service:
            admitted = row.admits_as in row.functions[name].callers
            assert (status(estate, service, method, path) != 401) is admitted, name


@pytest.mark.parametrize("service", ROWS)
def test_events_and_schedules_need_a_token_everywhere(estate: InProcess, service: str) -> None:
    for name, row in ROWS[service].functions.items():
        if not row.http:
            door = "events" if row.event else "schedules"
            assert status(estate, service, "POST", f"/{door}/{name}") == 401, name


def test_a_bad_token_is_refused_there_too(estate: InProcess) -> None:
    headers = {"Authorization": "Bearer x.y.z", "Content-Type": "application/json"}
    app = estate.estate.services["legacy_checkout"]
    assert in_process(app, "GET", "/crm/stats", {}, b"", headers, 30).status == 401


def test_the_exception_is_declared_whole_or_not_at_all() -> None:
    row = ROWS["legacy_checkout"].model_dump()
    for change in ({"admits_reason": None}, {"admits_as": None}, {"admits": "tokens"}):
        with pytest.raises(ValidationError, match="admits: network"):
            ServiceRow.model_validate(row | change)


def test_whom_a_row_admits_is_a_caller_of_the_networks() -> None:
    assert {ROWS[name].admits_as for name in ADMITS_BY_NETWORK} <= set(manifest().networks.callers)


def test_no_event_of_ours_costs_the_raw_subscription_a_delivery() -> None:
    raw = [each for each in manifest().subscriptions() if each.raw]

    assert [each.name for each in raw] == ["legacy_checkout.take_order_event.order-events"]
    assert not raw[0].wants({"ce-type": "order.confirmed"})
    assert raw[0].wants({})
    named = [each for each in manifest().subscriptions() if not each.raw and each.types is not None]
    assert not any(each.wants({}) for each in named), "nobody else takes a message without ce-type"
