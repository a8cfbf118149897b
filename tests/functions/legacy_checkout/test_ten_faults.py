"""The ten faults of the old receivers: each shown on them as they are, then shown absent here."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.calls.transport import in_process
from shared.manifest import manifest
from tests.functions.legacy_checkout.old_checkout import ID, Call, calls_of, get, named, push, pushed, send
from tests.functions.legacy_checkout.old_receivers import OldWorld
from tests.in_process import InProcess, basket

OURS = f"ord_{ID}"


@pytest.fixture
def old() -> OldWorld:
    return OldWorld()


def to_old(old: OldWorld, calls: list[Call]) -> None:
    """Make the calls, and deliver the message to the old push target."""
    for call in calls:
        if call.is_message:
            old.answer("POST", "/order_management/", pushed(call.body))
        else:
            old.answer(call.method, call.path, call.body)


def all_of(estate: InProcess, calls: list[Call] | None = None) -> None:
    for call in calls if calls is not None else calls_of():
        assert send(estate, call).status < 300
    estate.deliver()


def dispatch(estate: InProcess) -> dict[str, Any]:
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    return dict(shipment)


def test_1_stock_counts_up_at_each_sale(estate: InProcess, old: OldWorld) -> None:
    before = {row["code"]: row["count"] for row in old.inventory.items}
    to_old(old, calls_of())
    assert {row["code"]: row["count"] - before[row["code"]] for row in old.inventory.items} == {
        "OLJCESPC7Z": 1,
        "6E92ZMYYFZ": 0,
    }, "up, by one call, though two and one were sold"

    sale = named(calls_of(), "/inventory/inventory")[-1]
    for _ in range(5):
        assert json.loads(send(estate, sale).body) == {"name": "item", "code": "OLJCESPC7Z", "count": 3000}
    all_of(estate)
    counts = {row["code"]: row["count"] for row in get(estate, "/inventory/inventory")}
    assert (counts["OLJCESPC7Z"], counts["6E92ZMYYFZ"]) == (2998, 2999), "down, once, by what was sold"


def test_2_an_order_reaches_accounting_and_warehouse_twice(estate: InProcess, old: OldWorld) -> None:
    to_old(old, calls_of())
    assert [row["orderId"] for row in old.accounting.rows] == [ID, ID]
    assert [row["orderId"] for row in old.warehouse.rows] == [ID] * 4

    all_of(estate, [*calls_of(), *calls_of()])
    assert [row["orderId"] for row in get(estate, "/accounting/transactions")["transactions"]] == [ID]
    assert len(estate.get(f"/accounting/invoices?order_id={OURS}")["items"]) == 1
    assert len(estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]) == 1


def test_3_the_data_warehouse_receives_each_order_several_times(estate: InProcess, old: OldWorld) -> None:
    to_old(old, calls_of())
    assert old.lake.rows.count(ID) > 2

    estate.own_warehouse()
    all_of(estate, [*calls_of(), *calls_of()])
    estate.run("data_warehouse", "load_events")
    sales = estate.get("/data_warehouse/reports/daily_sales")["rows"]
    assert sum(int(row[2]) for row in sales) == 1
    assert estate.get("/data_warehouse/reports/reconciliation")["differences"] == []


def test_4_order_management_answers_200_whatever_failed(estate: InProcess, old: OldWorld) -> None:
    (message,) = named(calls_of(), "")
    old.warehouse.broken = True
    assert old.answer("POST", "/order_management/", pushed(message.body))[0] == 200
    assert (old.accounting.rows, len(old.order_management.lost)) == ([], 1), "acknowledged, and lost"

    def broken() -> None:
        raise ConnectionError("down")

    estate.before["checkout", "POST /imported-orders"] = broken
    assert send(estate, Call("POST", "/order_management/", pushed(message.body))).status == 200, "it is kept first"
    assert estate.get("/legacy_checkout/open-orders?state=complete")["items"][0]["order_id"] == ID
    assert json.loads(estate.ask("operator", "GET", "/legacy_checkout/outstanding").body)["complete_orders"] == 1
    estate.before.clear()
    _later(estate)
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "confirmed", "and not lost"
    nonsense = send(estate, Call("POST", "/order_management/", pushed({"order": {"order_id": "x"}})))
    assert (nonsense.status, send(estate, Call("POST", "/order_management/", {"x": 1})).status) == (422, 400)


def _later(estate: InProcess) -> None:
    """The next runs of the sweep, until whoever was left alone is asked again."""
    import time

    for _ in range(80):
        if estate.run("legacy_checkout", "finish_orders")["brought"]:
            break
        time.sleep(0.1)
    estate.deliver()


def test_5_accounting_sums_unit_costs_over_currencies_in_floats(estate: InProcess, old: OldWorld) -> None:
    other = ID.replace("8f0c", "8f0d")
    to_old(old, [*named(calls_of(), "/accounting/transactions"), *in_euros(other, "/accounting/transactions")])
    _, told = old.answer("GET", "/accounting/transactions", None)
    assert [row["price"] for row in told["transactions"]] == [28.979999999999997, 28.979999999999997]
    assert told["summary"]["totalAmount"] == 57.959999999999994, "dollars and euros"

    all_of(estate, [*calls_of(), *in_euros(other)])
    told = get(estate, "/accounting/transactions")
    assert [(row["price"], row["currency"]) for row in told["transactions"]] == [(57.96, "EUR"), (57.96, "USD")]
    assert told["summary"] == {
        "totalTransactions": 2,
        "totalAmount": 57.96,
        "byCurrency": [{"currency": "EUR", "amount": 57.96}, {"currency": "USD", "amount": 57.96}],
    }


def in_euros(order_id: str, *paths: str) -> list[Call]:
    def changed(body: Any) -> Any:
        return json.loads(json.dumps(body).replace('"USD"', '"EUR"'))

    calls = calls_of(order_id, change=changed)
    return named(calls, *paths) if paths else calls


def test_6_readers_and_publisher_differ_on_the_shape_of_an_order(estate: InProcess, old: OldWorld) -> None:
    (message,) = named(calls_of(), "")
    old.answer("POST", "/order_management/", pushed(message.body))
    assert [(row["item"], row["cost"]) for row in old.warehouse.rows] == [(None, None), (None, None)]
    assert old.answer("POST", "/order_management/", pushed({"order": message.body}))[0] == 200

    push(estate, message.body)
    estate.deliver()
    rows = get(estate, "/warehouse/warehouse")
    assert [(row["item"], row["quantity"], row["cost"]) for row in rows] == [
        ("OLJCESPC7Z", 2, 39.98),
        ("6E92ZMYYFZ", 1, 8.99),
    ]
    nested = push(estate, {"order": message.body})
    assert (nested.status, dict(nested.headers)["X-Effect"]) == (204, "dead-lettered"), "one shape, or a letter"


def test_7_promised_routes_are_missing_and_latency_is_scored(estate: InProcess, old: OldWorld) -> None:
    assert old.answer("GET", "/inventory/inventory/OLJCESPC7Z", None)[0] == 404
    assert old.answer("PUT", "/inventory/inventory/OLJCESPC7Z", {})[0] == 404
    slow = {"transactionType": "checkout", "durationMs": 900, "success": True}
    assert old.answer("POST", "/azure/metrics", slow)[1]["riskScore"] == 90

    assert get(estate, "/inventory/inventory/OLJCESPC7Z")["count"] == 3000
    by_hand = {"sku": "OLJCESPC7Z", "location": "reno-us", "quantity": -1, "reason": "damaged", "by": "Ada"}
    assert estate.post("/inventory/adjustments", by_hand)[0] in (200, 201, 422), "stock is set there, by name"
    assert json.loads(send(estate, Call("POST", "/azure/metrics", slow)).body)["riskScore"] == 0
    denied = basket(customer={"email": "ada@deny.test", "first_name": "Ada", "last_name": "Lovelace"})
    assert (estate.place(denied)[0], moved(estate)) == (402, []), "fraud is asked before money moves"
    blocked = Call("POST", "/kyc/check", {"email": "blocked@example.com", "name": "B"})
    assert (send(estate, blocked).status, json.loads(send(estate, blocked).body)) == (403, {"status": "REJECTED"})


def moved(estate: InProcess) -> list[Any]:
    return [each for each in estate.requests if each == ("payment", "POST /authorizations")]


def test_8_the_card_is_charged_before_shipping_is_arranged(estate: InProcess, old: OldWorld) -> None:
    charged = named(calls_of(), "/crm/customers", "/accounting/transactions")  # then the checkout died
    to_old(old, charged)
    assert (len(old.accounting.rows), old.warehouse.rows) == (1, []), "money taken, nobody knows"

    all_of(estate, charged)
    assert estate.get("/legacy_checkout/open-orders")["items"][0]["overdue"] is False
    estate.offset = timedelta(minutes=10)
    assert estate.run("legacy_checkout", "finish_orders") == {"brought": 0, "reported": 1}
    (overdue,) = estate.get("/legacy_checkout/open-orders")["items"]
    assert (overdue["overdue"], overdue["missing"], overdue["silent"]) == (True, ["address"], ["warehouse", "event"])
    (message,) = named(calls_of(), "")
    push(estate, message.body)
    estate.deliver()
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "confirmed", "it completes from the message"
    assert estate.get("/legacy_checkout/open-orders")["items"] == []


def test_9_the_port_is_open_to_the_internet(estate: InProcess, old: OldWorld) -> None:
    assert old.answer("GET", "/azure/metrics", None)[0] == 200, "to anyone"

    rows = manifest().services
    assert [name for name, row in rows.items() if row.admits == "network"] == ["legacy_checkout"]
    assert {rows[name].network for name in ("legacy_checkout", "fraud")} == {"serverless", "azure"}, "both private"
    score = in_process(estate.estate.services["fraud"], "POST", "/api/score", {}, b"{}", {}, 30)
    orders = in_process(estate.estate.services["legacy_checkout"], "GET", "/open-orders", {}, b"", {}, 30)
    assert (score.status, orders.status) == (401, 401)


def test_10_state_is_in_memory_and_cut(estate: InProcess, old: OldWorld) -> None:
    metric = Call("POST", "/azure/metrics", {"transactionType": "checkout", "durationMs": 10, "success": True})
    for _ in range(12):
        old.answer("POST", metric.path, metric.body)
    assert len(old.answer("GET", "/azure/metrics", None)[1]["data"]) == 10
    assert OldWorld().answer("GET", "/azure/metrics", None)[1]["data"] == [], "and gone with the process"

    for _ in range(12):
        send(estate, metric)
    all_of(estate, named(calls_of(), "/accounting/transactions"))
    estate.restart()
    assert get(estate, "/azure/metrics")["summary"] == {"total": 12, "successful": 12, "averageDurationMs": 10}
    assert len(get(estate, "/azure/metrics")["data"]) == 12
    all_of(estate, named(calls_of(), "/warehouse/shipments"))
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "confirmed", "half an order outlived the process"
