"""Who may do what: the rows are the law, for every caller and every route."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest

from shared.calls.signer import Signer, signer_of
from shared.manifest import FunctionRow, manifest
from shared.settings import read_settings
from shared.values.clock import utc_now
from tests.estate import RunningEstate
from tests.journeys.shopping import refusal

pytestmark = pytest.mark.estate

CALLERS = (*manifest().networks.callers, *manifest().services, "push", "scheduler")
ROUTES = [
    (service.service, name, row)
    for service in manifest().services.values()
    for name, row in service.functions.items()
    if row.http
]
NOBODY = {"order_id": "ord_none", "customer_id": "cus_none", "shipment_id": "shp_none", "sku": "NONE", "name": "none"}


def path_of(service: str, row: FunctionRow) -> str:
    filled = re.sub(r"{(.*?)}", lambda found: NOBODY.get(found[1], "none"), row.path)
    return f"/{service}{filled}"


@pytest.mark.parametrize("caller", CALLERS)
def test_exactly_the_callers_of_its_row_get_past_a_route_s_door(estate: RunningEstate, caller: str) -> None:
    passed = set()
    for service, name, row in ROUTES:
        answer = estate.ask(row.method, path_of(service, row), {} if row.method == "POST" else None, caller=caller)
        assert answer.status_code < 500, f"{caller} {service}.{name}: {answer.text}"
        if answer.status_code == 403:
            assert refusal(answer) == (403, "forbidden")
        else:
            assert answer.status_code != 401, f"{caller} {service}.{name}: {answer.text}"
            passed.add(f"{service}.{name}")

    assert passed == {f"{service}.{name}" for service, name, row in ROUTES if caller in row.callers}


def test_without_a_token_no_route_answers(estate: RunningEstate) -> None:
    for service, name, row in ROUTES:
        answer = estate.ask(row.method, path_of(service, row), {} if row.method == "POST" else None, caller=None)
        if manifest().services[service].admitted_as(row.callers):
            assert answer.status_code not in (401, 403), f"{service}.{name} admits by network"
        else:
            assert refusal(answer) == (401, "unauthenticated"), f"{service}.{name}"


@pytest.mark.parametrize("caller", [None, "gke-checkout", "checkout", "scheduler"])
def test_only_the_broker_and_the_operator_may_push_events(estate: RunningEstate, caller: str | None) -> None:
    for subscription in manifest().subscriptions():
        answer = estate.ask("POST", f"/{subscription.service}{subscription.path}", {}, caller=caller)
        assert refusal(answer) == ((401, "unauthenticated") if caller is None else (403, "forbidden"))


@pytest.mark.parametrize("caller", [None, "gke-checkout", "checkout", "push"])
def test_only_the_operator_may_change_the_estate(estate: RunningEstate, caller: str | None) -> None:
    for path in ("/-/dead-letters/replay", "/-/schedules/inventory/expire_reservations", "/-/no/such/route"):
        answer = estate.ask("POST", path, {}, caller=caller)
        assert refusal(answer) == ((401, "unauthenticated") if caller is None else (403, "forbidden")), path


@pytest.mark.parametrize("caller", [None, "gke-checkout", "push", "checkout"])
def test_only_the_operator_publishes_by_hand(estate: RunningEstate, caller: str | None) -> None:
    body = {"messages": [{"data": ""}]}
    answer = estate.ask("POST", "/-/topics/order-events/publish", body, caller=caller)
    assert refusal(answer) == ((401, "unauthenticated") if caller is None else (403, "forbidden"))


@pytest.mark.parametrize(
    ("caller", "topic", "status"),
    [
        ("crm", "customer-events", 200),
        ("checkout", "payment-events", 403),
        ("warehouse", "order-events", 403),
        ("warehouse", "accounting.draft_invoice.order-events.dead-letter", 403),
        ("gke-checkout", "order-events", 403),
        ("operator", "order-events", 403),
        (None, "order-events", 401),
    ],
)
def test_a_service_publishes_what_its_file_lists(
    estate: RunningEstate, caller: str | None, topic: str, status: int
) -> None:
    body = {"messages": [{"data": ""}]}  # no event: everybody on that topic acknowledges it without effect
    answer = estate.ask("POST", f"/v1/projects/local/topics/{topic}:publish", body, caller=caller)
    assert answer.status_code == status


@pytest.mark.parametrize("caller", [None, "gke-checkout", "checkout"])
def test_schedules_run_by_the_scheduler_alone(estate: RunningEstate, caller: str | None) -> None:
    answer = estate.ask("POST", "/inventory/schedules/expire_reservations", {}, caller=caller)
    assert refusal(answer) == ((401, "unauthenticated") if caller is None else (403, "forbidden"))


@pytest.fixture(scope="module")
def signer(estate: RunningEstate) -> Iterator[Signer]:
    """The estate's own signing key, to make tokens that are wrong in one thing only."""
    found = signer_of(read_settings({"BOUTIQUE_DATA": str(estate.data), "BOUTIQUE_ESTATE": estate.url}))
    assert found is not None
    yield found


def test_a_token_is_good_for_its_audience_until_it_expires(estate: RunningEstate, signer: Signer) -> None:
    now = utc_now()
    good = signer.token("operator", f"{estate.url}/crm", now)
    tokens = {
        "for crm": (good, 200),
        "for the estate": (signer.token("operator", estate.url, now), 200),
        "for another service": (signer.token("operator", f"{estate.url}/checkout", now), 401),
        "for another host": (signer.token("operator", "https://crm.example", now), 401),
        "expired": (signer.token("operator", f"{estate.url}/crm", now - timedelta(hours=1, seconds=1)), 401),
        "with another signature": (good[:-8] + "AAAAAAAA", 401),
        "unsigned": (unsigned(good), 401),
        "no token": ("operator", 401),
    }
    for what, (token, status) in tokens.items():
        header = {"Authorization": f"Bearer {token}"}
        answer = estate.ask("GET", "/crm/customers?email=bronze@example.com", caller=None, headers=header)
        assert answer.status_code == status, f"{what}: {answer.text}"


def unsigned(token: str) -> str:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(claims, "", algorithm="none")


def test_the_identity_route_knows_its_own_and_wants_the_metadata_header(estate: RunningEstate) -> None:
    path = "/computeMetadata/v1/instance/service-accounts/{}/identity?audience=http://x"
    flavor = {"Metadata-Flavor": "Google"}

    answers = [
        estate.ask("GET", path.format("operator"), caller=None, headers=flavor).status_code,
        estate.ask("GET", path.format("operator"), caller=None).status_code,
        estate.ask("GET", path.format("stranger"), caller=None, headers=flavor).status_code,
        estate.ask("GET", path.format("operator").partition("?")[0], caller=None, headers=flavor).status_code,
    ]

    assert answers == [200, 403, 404, 422]
    [key] = estate.get("/-/jwks.json")["keys"]
    token = estate.token("operator")
    assert jwt.decode(token, jwt.PyJWK(key), algorithms=["RS256"], audience=estate.url)["email"].startswith("operator@")
    assert "d" not in key, "the private part stays at home"


def test_every_route_is_described_and_needs_no_token_for_that(estate: RunningEstate) -> None:
    for service in manifest().services.values():
        answer = estate.ask("GET", f"/{service.service}/openapi.json", caller=None)
        assert answer.status_code == 200
        described = answer.json()
        assert described["openapi"].startswith("3.1")
        operations = {(method.upper(), path) for path, its in described["paths"].items() for method in its}
        assert operations >= {(row.method, row.path) for row in service.functions.values() if row.http}
        assert estate.ask("GET", f"/{service.service}/health", caller=None).status_code == 200


def test_a_refusal_leaves_the_connection_open_for_what_comes_next(estate: RunningEstate) -> None:
    for _ in range(100):
        assert estate.ask("POST", "/checkout/orders", {"some": "body"}, caller=None).status_code == 401
        assert estate.ask("GET", "/checkout/health", caller=None).status_code == 200


def test_the_estate_describes_itself(estate: RunningEstate) -> None:
    answers = {
        path: estate.ask("GET", f"/-/{path}", caller=None)
        for path in ("health", "services", "subscriptions", "dead-letters", "asyncapi.json", "jwks.json")
    }

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert answers["services"].json()["services"].keys() == manifest().services.keys()
    subscriptions = answers["subscriptions"].json()["items"]
    assert {each["name"] for each in subscriptions} == {each.name for each in manifest().subscriptions()}
    assert {"backlog", "oldest_unacknowledged_s", "delivered", "retried", "dead_lettered"} <= subscriptions[0].keys()
    assert answers["asyncapi.json"].json()["asyncapi"].startswith("3.")
    published = {name for service in manifest().services.values() for name in service.publishes}
    assert published <= answers["asyncapi.json"].json()["components"]["messages"].keys()


@pytest.mark.parametrize("path", ["/nowhere", "/nowhere/at/all", "/-/nothing", "/crm/nothing", "/", "/crm"])
def test_what_is_not_there_is_404_as_a_problem(estate: RunningEstate, path: str) -> None:
    assert refusal(estate.ask("GET", path)) == (404, "not_found")


def test_another_method_is_405(estate: RunningEstate) -> None:
    assert refusal(estate.ask("DELETE", "/checkout/orders")) == (405, "method_not_allowed")
