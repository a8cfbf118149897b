"""The calls of one order, in whatever order, number or timing, are one order of ours."""

import json
import random
from typing import Any

import pytest

from tests.functions.legacy_checkout.old_checkout import ID, calls_of, get, named, push, send
from tests.in_process import InProcess

OURS = f"ord_{ID}"
STOCK = {"OLJCESPC7Z": 2, "6E92ZMYYFZ": 1}


SALES = {
    "bank_clearing",
    "receivables",
    "contract_liabilities",
    "sales_tax",
    "output_tax",
    "revenue_goods",
    "revenue_shipping",
}


def expected(call: Any) -> int:
    return {"POST /kyc/check": 200}.get(f"{call.method} {call.path}", 201 if call.method == "POST" else 200)


def assert_one_order(estate: InProcess) -> None:
    """What must hold after everything: one order, one reservation, one payment, one draft, one contact."""
    estate.deliver()
    order = estate.get(f"/order_management/orders/{OURS}")
    assert (order["status"], order["total"]) == ("confirmed", {"currency": "USD", "amount": "57.96"})
    assert [fact["type"] for fact in order["history"]].count("order.confirmed") == 1
    assert len(estate.get("/order_management/orders")["items"]) == 1
    for sku, sold in STOCK.items():
        level = estate.get(f"/inventory/stock/{sku}")
        assert (level["on_hand"], level["reserved"]) == (3000, sold)
    assert [(each["type"], each["amount"]["amount"], each["status"]) for each in payments(estate)] == [
        ("capture", "57.96", "captured")
    ]
    assert len(estate.get(f"/accounting/invoices?order_id={OURS}")["items"]) == 1
    assert len(estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]) == 1
    assert estate.get("/legacy_checkout/open-orders")["items"] == []


def payments(estate: InProcess) -> list[dict[str, Any]]:
    return estate.get(f"/payment/payments?order_id={OURS}")["items"]


def balances(estate: InProcess) -> dict[str, str]:
    accounts = estate.get("/accounting/trial-balance")
    assert accounts["balanced"]
    return {
        each["account"]: each["balance"]["amount"]
        for each in accounts["accounts"]
        if each["balance"]["amount"].strip("-0.") and each["account"].partition(":")[0] in SALES
    }


def test_the_recorded_calls_are_answered_as_recorded_and_make_one_order(estate: InProcess) -> None:
    answers = [(call, send(estate, call)) for call in calls_of()]
    for call, answer in answers:
        assert answer.status == (204 if call.is_message else expected(call)), (call, answer)
    told = {call.path: json.loads(answer.body) for call, answer in answers if answer.body}
    assert told["/kyc/check"] == {"status": "APPROVED"}
    transaction = told["/accounting/transactions"]
    assert set(transaction) == {"id", "orderId", "item", "price", "currency", "date", "customer"}
    assert (transaction["orderId"], transaction["price"], transaction["currency"]) == (ID, 48.97, "USD")
    assert told["/warehouse/shipments"] == {
        "message": "Shipment created",
        "shipmentDetails": {"orderId": ID, "trackingId": "AB-12345-1234567", "status": "pending_fulfillment"},
    }
    assert_one_order(estate)


def test_twice_is_once(estate: InProcess) -> None:
    for call in [*calls_of(), *calls_of()]:
        assert send(estate, call).status < 300
    assert_one_order(estate)


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_is_the_same(estate: InProcess, seed: int) -> None:
    calls = [*calls_of(), *calls_of()] if seed % 2 else calls_of()
    random.Random(seed).shuffle(calls)
    for call in calls:
        assert send(estate, call).status < 300
    assert_one_order(estate)


def test_the_message_alone_is_the_whole_order(estate: InProcess) -> None:
    (message,) = named(calls_of(), "")
    assert dict(push(estate, message.body, "m-1").headers)["X-Effect"] == "applied"
    push(estate, message.body, "m-1")
    assert_one_order(estate)


def test_warehouse_and_accounting_are_the_whole_order_before_the_message(estate: InProcess) -> None:
    for call in named(calls_of(), "/accounting/transactions", "/warehouse/shipments"):
        send(estate, call)
    assert_one_order(estate)


def test_a_cloud_event_of_ours_is_acknowledged_without_effect(estate: InProcess) -> None:
    (message,) = named(calls_of(), "")
    answer = push(estate, message.body, attributes={"ce-type": "order.confirmed"})
    assert (answer.status, dict(answer.headers)["X-Effect"]) == (204, "unwanted")
    assert estate.get("/order_management/orders")["items"] == []


def test_every_figure_of_the_books_from_charge_to_delivery(estate: InProcess) -> None:
    for call in calls_of():
        send(estate, call)
    estate.deliver()
    # the card was charged elsewhere: the old gateway owes us, and we owe the goods
    assert balances(estate) == {"bank_clearing:gke": "57.96", "contract_liabilities": "-57.96"}

    (shipment,) = estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    # 39.98 x 0.0725 / 1.0725 = 2.70, 8.99 -> 0.61; California taxes no shipping: 57.96 - 3.31 = 54.65 are still owed
    assert balances(estate) == {
        "bank_clearing:gke": "57.96",
        "contract_liabilities": "-54.65",
        "sales_tax:US-CA": "-3.31",
    }
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/deliver")
    estate.deliver()
    assert balances(estate) == {
        "bank_clearing:gke": "57.96",
        "sales_tax:US-CA": "-3.31",
        "revenue_goods": "-45.66",
        "revenue_shipping": "-8.99",
    }
    assert [each["type"] for each in payments(estate)] == ["capture"], "no gateway of ours was asked for anything"
    order = estate.get(f"/order_management/orders/{OURS}")
    assert (order["status"], order["payments"]["captured"]["amount"]) == ("delivered", "57.96")


def test_the_tax_that_was_found_is_told(estate: InProcess) -> None:
    for call in calls_of():
        send(estate, call)
    heard = estate.get(f"/legacy_checkout/gathered-orders/{ID}")
    assert (heard["state"], heard["our_order_id"], heard["conflicts"]) == ("taken_in", OURS, [])
    assert heard["told_by"] == {"crm": 1, "accounting": 1, "warehouse": 1, "event": 1}
    assert (heard["total"]["amount"], heard["tax"]["amount"]) == ("57.96", "3.31")


def test_all_services_agree_with_the_events(estate: InProcess) -> None:
    estate.own_warehouse()
    for call in calls_of():
        send(estate, call)
    estate.deliver()
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/deliver")
    estate.deliver()
    estate.run("data_warehouse", "load_events")
    assert estate.get("/data_warehouse/reports/reconciliation")["differences"] == []


def test_the_stock_that_is_told_goes_down_once(estate: InProcess) -> None:
    before = {row["code"]: row["count"] for row in get(estate, "/inventory/inventory")}
    for call in calls_of():
        send(estate, call)
    after = {row["code"]: row["count"] for row in get(estate, "/inventory/inventory")}
    assert {code: before[code] - after[code] for code in before if before[code] != after[code]} == STOCK


def test_the_customer_is_told_of_the_order_by_the_old_shop_and_of_the_parcel_by_us(estate: InProcess) -> None:
    for call in calls_of():
        send(estate, call)
    estate.deliver()
    assert mails(estate) == []
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    assert mails(estate) == ["shipment.dispatched"]


def mails(estate: InProcess) -> list[str]:
    found = estate.get(f"/notification/messages?order_id={OURS}")["items"]
    return [each["template"] for each in found]
