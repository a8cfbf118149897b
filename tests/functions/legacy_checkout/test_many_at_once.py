"""Many orders, their calls and messages interleaved by many clients, some twice: one order each, and all agree."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
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
    """What tells of an order: all calls once; of every third some twice, of every fifth one never comes."""
    calls = [call for call in calls_of(order_id, email=f"c{number % 50}@example.com") if says_something(call)]
    if number % 3 == 0:
        calls += rolled.sample(calls, 2)
    if number % 5 == 0:
        calls = [call for call in calls if call.path != rolled.choice(("/crm/customers", "/warehouse/shipments"))]
    return calls


def says_something(call: Call) -> bool:
    """Whether it is one of the four that tell of an order: the others are answered alike whatever else happens."""
    return call.is_message or call.path in ("/crm/customers", "/accounting/transactions", "/warehouse/shipments")


def assert_one_each(estate: InProcess, ids: list[str]) -> None:
    totals: Callable[[str], dict[str, int]] = lambda service: estate.get(f"/{service}/control-totals")["totals"]  # noqa: E731
    assert totals("order_management")["orders.count"] == ORDERS
    assert totals("order_management")["orders.total.USD"] == ORDERS * 5796
    books = {each["account"]: each["balance"]["amount"] for each in estate.get("/accounting/trial-balance")["accounts"]}
    assert (books["bank_clearing:gke"], books["contract_liabilities"]) == ("28980.00", "-28980.00")  # 500 x 57.96
    assert totals("checkout")["orders.count"] == ORDERS
    level = estate.get("/inventory/stock/OLJCESPC7Z")
    assert (level["on_hand"], level["reserved"]) == (3000, 2 * ORDERS)
    for state in ("gathering", "complete", "backordered", "refused"):
        assert estate.get(f"/legacy_checkout/open-orders?state={state}")["items"] == [], state
    states = {estate.get(f"/legacy_checkout/gathered-orders/{each}")["state"] for each in ids}
    assert states == {"taken_in"}
    assert len(estate.get("/warehouse/shipments?limit=200")["items"]) == min(200, ORDERS)
    assert estate.get("/accounting/trial-balance")["balanced"]
    estate.run("data_warehouse", "load_events")
    assert estate.get("/data_warehouse/reports/reconciliation")["differences"] == []
