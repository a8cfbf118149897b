"""Whatever a caller sends who may call: no answer is a defect, none is undocumented, and nothing is half done.

Requests are drawn from each service's OpenAPI document by schemathesis. `make fuzz` sends 10,000 to each service.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import settings
from schemathesis import GenerationMode

from shared.calls.transport import Wsgi
from shared.manifest import manifest
from tests.fuzz.requests_of import Asked, Earnest, Known, Sent
from tests.in_process import InProcess, basket
from tests.shared.http.backoffice_day import played_front
from tests.shared.http.test_openapi_of_services import live_a_day

pytestmark = pytest.mark.fuzz
A_NIGHT = 10_000
"""Requests to each service, in all; `FEWER` otherwise."""
FEWER = 120
REPORTER = "report_control_totals"
SKUS = ("OLJCESPC7Z", "6E92ZMYYFZ")


class Listening(InProcess):
    """Notes every request, until it is told to listen no more. What is drawn is held against documents below."""

    checks_the_wire = False
    earnest: Earnest | None

    def _watched(self, name: str, app: Wsgi) -> Wsgi:
        watched = super()._watched(name, app)

        def call(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if self.earnest and environ.get("CONTENT_TYPE", "application/json") == "application/json":
                raw = environ["wsgi.input"].read()
                environ["wsgi.input"] = BytesIO(raw)
                query = dict(parse_qsl(environ["QUERY_STRING"]))
                sent = Sent(environ["PATH_INFO"], query, json.loads(raw or b"null"))
                self.earnest.note(name, environ["REQUEST_METHOD"], sent)
            return watched(environ, start_response)

        return call


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    """An estate after a day in which every route was asked in earnest."""
    found = Listening.__new__(Listening)
    found.earnest = Earnest()
    found.__init__(tmp_path_factory.mktemp("any"))  # type: ignore[misc]
    found.own_warehouse()
    live_a_day(found)
    with played_front():
        yield found
    found.close()


@pytest.fixture(scope="module")
def known(estate: InProcess) -> Known:
    """What the estate answers to who looks around."""
    found = Known()
    for service in manifest().services.values():
        for row in service.functions.values():
            if row.http and row.method == "GET" and "{" not in row.path:
                reply = estate.ask(row.callers[0], "GET", f"/{service.service}{row.path}")
                if reply.status == 200 and reply.body[:1] == b"{":
                    found.learn(json.loads(reply.body))
    return found


@pytest.fixture(scope="module")
def earnest(estate: Listening) -> Earnest:
    """What was sent before this suite sent anything."""
    found, estate.earnest = estate.earnest, None
    assert found is not None
    return found


@pytest.mark.parametrize("service", sorted(manifest().services))
def test_any_request_is_answered_as_documented(estate: InProcess, known: Known, earnest: Earnest, service: str) -> None:
    @cache
    def token(caller: str) -> str:
        signer = estate.estate.signer
        return signer.token(caller, estate.settings.address(service), estate.clock())

    asked = Asked(estate.estate.services[service], service, token, known, earnest)
    operations = list(asked.operations())
    wanted = A_NIGHT if settings.get_current_profile_name() == "nightly" else FEWER
    while sum(asked.statuses.values()) < wanted:
        times = math.ceil((wanted - sum(asked.statuses.values())) / len(operations))
        for operation in operations:
            asked.ask_any(operation, GenerationMode.POSITIVE, max(1, times * 2 // 3))
            asked.ask_any(operation, GenerationMode.NEGATIVE, max(1, times // 3))

    assert not asked.wrong, "\n".join(f"* {what}\n    {shown}" for what, shown in asked.wrong.items())


def test_nothing_is_half_done_afterwards(estate: InProcess) -> None:
    estate.deliver()
    estate.sweep()
    estate.deliver()

    unexplained = {
        f"{service}.{name}": count
        for service, row in manifest().services.items()
        if REPORTER in row.functions
        for name, count in estate.get(f"/{service}{row.functions[REPORTER].path}")["totals"].items()
        if name.endswith("_unexplained") and count
    }
    assert unexplained == {}
    assert estate.get("/accounting/trial-balance")["balanced"] is True
    estate.run("data_warehouse", "load_events")
    found = estate.get("/data_warehouse/reports/reconciliation")
    # Fraud knows of orders what its callers tell it, and here they told it of orders that there are not.
    assert [each for each in found["differences"] if each["service"] != "fraud"] == []


def test_the_estate_still_takes_an_order_and_ships_it(estate: InProcess) -> None:
    for sku in SKUS:
        location = estate.get(f"/inventory/stock/{sku}")["locations"][0]["location"]
        cost = {"currency": "USD", "amount": "1.00"}
        receipt = {"sku": sku, "location": location, "quantity": 10, "unit_cost": cost}
        assert estate.post("/inventory/receipts", receipt, **{"Idempotency-Key": f"after-{sku}"})[0] < 300

    customer = {"email": "afterwards@example.com", "first_name": "Grace", "last_name": "Hopper"}
    status, answer = estate.place(basket(customer=customer), "afterwards")
    assert (status, answer["status"]) == (201, "confirmed")
    estate.deliver()
    assert len(estate.get(f"/warehouse/shipments?order_id={answer['order_id']}")["items"]) >= 1
