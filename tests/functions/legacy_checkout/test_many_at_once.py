"""Many orders, their calls and messages interleaved by many clients, some twice: one order each, and all agree."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.functions.legacy_checkout.old_checkout import Call, calls_of, send
from tests.in_process import InProcess

ORDERS, CLIENTS = 500, 16


def test_500_orders_by_16_clients_are_500_orders(tmp_path: Path) -> None:
    rolled = random.Random(500)
    ids = [str(UUID(int=rolled.getrandbits(128))) for _ in range(ORDERS)]
    calls = [call for number, one in enumerate(ids) for call in told(one, number, rolled)]
    rolled.shuffle(calls)
    estate = InProcess(tmp_path)
    estate.own_warehouse()
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(lambda call: (call.path, send(estate, call).status), calls))
        assert [each for each in answers if each[1] >= 300] == []
        while estate.run("legacy_checkout", "finish_orders")["brought"]:
            pass
        estate.deliver()
        assert_one_each(estate, ids)
    finally:
        estate.close()


def told(order_id: str, number: int, rolled: random.Random) -> list[Call]:
    """What is sent of an order: every recorded call, of each third order all of them twice.

    Of every fifth order one call never comes, beside the message.
    """
    calls = calls_of(order_id, email=f"c{number % 50}@example.com")
    if number % 3 == 0:
        calls = [*calls, *calls]
    if number % 5 == 0:
        lost = rolled.choice(("/crm/customers", "/accounting/transactions", "/warehouse/shipments"))
        calls = [call for call in calls if call.path != lost]
    return calls


def assert_one_each(estate: InProcess, ids: list[str]) -> None:
    """One order, one reservation, one payment, one draft and one shipment of each, and every book says so."""
    totals: Callable[[str], dict[str, int]] = lambda service: estate.get(f"/{service}/control-totals")["totals"]  # noqa: E731
    assert totals("order_management")["orders.count"] == ORDERS
    assert totals("order_management")["orders.total.USD"] == ORDERS * 5796
    assert totals("checkout")["orders.count"] == ORDERS
    assert totals("checkout")["orders.total.USD"] == ORDERS * 5796
    assert {name: each for name, each in totals("payment").items() if each} == {
        "prepaid.count": ORDERS,
        "prepaid.USD": ORDERS * 5796,
    }
    books = {each["account"]: each["balance"]["amount"] for each in estate.get("/accounting/trial-balance")["accounts"]}
    assert (books["bank_clearing:gke"], books["contract_liabilities"]) == ("28980.00", "-28980.00")  # 500 x 57.96
    for sku, sold in (("OLJCESPC7Z", 2), ("6E92ZMYYFZ", 1)):
        level = estate.get(f"/inventory/stock/{sku}")
        assert (level["on_hand"], level["reserved"]) == (3000, sold * ORDERS)
    for state in ("gathering", "complete", "backordered", "refused", "shadowed"):
        assert estate.get(f"/legacy_checkout/open-orders?state={state}")["items"] == [], state
    heard = [estate.get(f"/legacy_checkout/gathered-orders/{each}") for each in ids]
    assert {(each["state"], each["total"]["amount"], *each["conflicts"]) for each in heard} == {("taken_in", "57.96")}
    assert sum(sum(each["told_by"].values()) for each in heard) == 4 * ORDERS + 4 * 167 - 100 - 34
    shipped = everything(estate, "/warehouse/shipments?limit=200")
    assert sorted(each["order_id"] for each in shipped) == sorted(f"ord_{each}" for each in ids)
    assert totals("warehouse")["planned.count"] == ORDERS
    assert estate.get("/accounting/trial-balance")["balanced"]
    estate.run("data_warehouse", "load_events")
    found = estate.get("/data_warehouse/reports/reconciliation")
    assert (found["balanced"], found["differences"]) == (True, [])


def everything(estate: InProcess, path: str) -> list[dict[str, Any]]:
    """A list, page by page."""
    found, cursor = [], ""
    while True:
        page = estate.get(f"{path}{cursor}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
