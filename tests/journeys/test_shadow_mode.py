"""Shadow mode on a whole estate: real processes beside the old services, which are played over HTTP.

The callers get the old answers, every seeded difference is told as JSON and as a page, and nothing of ours has an
effect outside: not now, and not when shadow mode has ended.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.estate import RunningEstate
from tests.functions.legacy_checkout.old_checkout import ID, Call, calls_of, pushed
from tests.functions.legacy_checkout.old_receivers import OldWorld, served

pytestmark = pytest.mark.estate
ORDERS = [ID.replace("8f0c", f"8f{number:02x}") for number in range(12)]
FOUND_AT_ONCE = {1, 2, 3, 4, 5, 6, 7, 9, 10}
"""Fault 8 is a call that never came: it is told ten minutes after the others."""


@pytest.fixture
def old() -> OldWorld:
    return OldWorld()


@pytest.fixture
def beside(tmp_path: Path, old: OldWorld) -> Iterator[RunningEstate]:
    with served(old) as addresses:
        shadow = {f"BOUTIQUE_SHADOW_{name.upper()}": url for name, url in addresses.items()}
        estate = RunningEstate(tmp_path, environment=shadow)
        try:
            estate.start().settle()  # the opening stock is in the books
            yield estate
        finally:
            estate.kill()


def send(estate: RunningEstate, call: Call) -> tuple[int, Any]:
    """Make a call as the old checkout does, or publish its message; the answer is the old service's."""
    if call.is_message:
        data = base64.b64encode(json.dumps(call.body).encode()).decode()
        estate.post("/-/topics/order-events/publish", {"messages": [{"data": data}]})
        return ask(estate, "POST", "/order_management/", pushed(call.body))
    return ask(estate, call.method, call.path, call.body)


def ask(estate: RunningEstate, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = requests.request(method, f"{estate.url}/legacy_checkout{path}", json=body, timeout=30)
    return answer.status_code, answer.json()


def a_day(estate: RunningEstate, old: OldWorld) -> None:
    """Twelve orders, one of them in euros, and whoever looks at the old dashboards."""
    for number, order_id in enumerate(ORDERS):
        for call in calls_of(order_id, change=_in_euros if number == 1 else None):
            status, _ = send(estate, call)
            assert status < 300, call
    for path in ("/accounting/transactions", "/warehouse/warehouse", "/azure/metrics", "/inventory/inventory"):
        assert ask(estate, "GET", path)[0] == 200, path
    assert ask(estate, "GET", "/inventory/inventory/OLJCESPC7Z")[0] == 404, "as it is today"
    nested = pushed({"order": {"order_id": "nested", "items": []}})
    assert ask(estate, "POST", "/order_management/", nested) == (200, {"status": "processed"})
    estate.settle()


def _in_euros(body: Any) -> Any:
    return json.loads(json.dumps(body).replace("USD", "EUR"))


def effects_outside(estate: RunningEstate) -> dict[str, Any]:
    """What there would be of an order of ours, service by service."""
    return {
        "orders": estate.get("/order_management/orders")["items"],
        "payments": estate.get("/payment/control-totals")["totals"],
        "shipments": estate.get("/warehouse/shipments")["items"],
        "customers": estate.get("/crm/customers?email=someone@example.com")["items"],
        "mails": estate.get("/notification/control-totals")["totals"],
        "books": estate.get("/accounting/trial-balance"),
        "stock": [estate.get(f"/inventory/stock/{sku}") for sku in ("OLJCESPC7Z", "6E92ZMYYFZ")],
    }


def test_every_seeded_difference_is_found_and_nothing_of_ours_has_an_effect(
    beside: RunningEstate, old: OldWorld
) -> None:
    before = effects_outside(beside)
    a_day(beside, old)

    assert effects_outside(beside) == before
    assert before["orders"] == []
    assert {token for _, _, token in old.asked} == {None}
    assert [row["order"]["orderId"] for row in old.crm.customers] == ORDERS, "each call reached them once"

    told = beside.get("/legacy_checkout/differences")
    seen = {each["fault"]: each for each in told["items"]}
    assert {fault for fault, each in seen.items() if each["count"]} == FOUND_AT_ONCE, "and nothing else differs"
    assert len(told["shadowed"]) == 8
    assert seen[5]["count"] == len(ORDERS) + 1, "each unit price without quantity, and one sum over two currencies"
    assert seen[3]["count"] == len(ORDERS)
    page = beside.ask("GET", "/backoffice/differences", headers={"Accept": "text/html"}).text
    for fault in FOUND_AT_ONCE:
        assert f'{fault}. {seen[fault]["about"]} <span class="badge warn">{seen[fault]["count"]}</span>' in page

    _stays_with_the_old_services(beside, before)


def _stays_with_the_old_services(beside: RunningEstate, before: dict[str, Any]) -> None:
    beside.stop()
    alone = RunningEstate(beside.data.parent)
    try:
        alone.start()
        alone.post("/-/schedules/legacy_checkout/finish_orders", {})
        alone.settle()
        assert effects_outside(alone) == before, "what the old warehouse sends is not sent again"
        waiting = alone.get("/legacy_checkout/open-orders?state=shadowed")["items"]
        assert sorted(each["order_id"] for each in waiting) == sorted(ORDERS)
    finally:
        alone.kill()
