"""What the old gateway took and pays for nothing any more is owed back: in the books, and for a person to see."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.functions.legacy_checkout.old_checkout import ID, calls_of, named, push
from tests.in_process import InProcess

OURS = f"ord_{ID}"
MONEY = ("bank_clearing:gke", "contract_liabilities", "refund_liability", "receivables")
BECAUSE = {"by": "Ada", "reason": "changed my mind"}


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    started = InProcess(tmp_path)
    started.own_warehouse()
    yield started
    started.close()


def message(**quantities: int) -> dict[str, Any]:
    """The recorded message; `quantities` by SKU."""
    (recorded,) = named(calls_of(), "")
    body: dict[str, Any] = json.loads(json.dumps(recorded.body))
    for each in body["items"]:
        each["item"]["quantity"] = quantities.get(each["item"]["product_id"], each["item"]["quantity"])
    return body


def cancel(estate: InProcess, **pieces: int) -> int:
    lines = {"lines": [{"sku": sku, "quantity": count} for sku, count in pieces.items()]} if pieces else {}
    status, _ = estate.post(f"/order_management/orders/{OURS}/cancel", {**BECAUSE, **lines})
    estate.deliver()
    return status


def balances(estate: InProcess) -> dict[str, str]:
    """What is left of the accounts that customers' money is in, where anything is."""
    trial = estate.get("/accounting/trial-balance")
    assert trial["balanced"]
    left = {each["account"]: each["balance"]["amount"] for each in trial["accounts"]}
    return {account: amount for account, amount in left.items() if account in MONEY and float(amount)}


def owed(estate: InProcess) -> list[str]:
    """What people see that they have to give back."""
    paid = estate.get(f"/payment/payments?order_id={OURS}")["items"]
    return [each["amount"]["amount"] for each in paid if (each["type"], each["status"]) == ("refund", "owed")]


def assert_reconciled(estate: InProcess) -> None:
    estate.run("data_warehouse", "load_events")
    assert estate.get("/data_warehouse/reports/reconciliation")["differences"] == []


def told(estate: InProcess) -> list[str]:
    facts = estate.get(f"/order_management/orders/{OURS}")["history"]
    return [each["type"] for each in facts]


def test_cancelled_whole_all_of_it_is_owed_back(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    assert balances(estate) == {"bank_clearing:gke": "57.96", "contract_liabilities": "-57.96"}
    assert cancel(estate) == 200
    assert cancel(estate) == 200, "a second cancellation is answered, and owes nothing more"
    assert balances(estate) == {"bank_clearing:gke": "57.96", "refund_liability": "-57.96"}
    assert owed(estate) == ["57.96"]
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "cancelled"
    assert told(estate).count("payment.owed_back") == 1
    assert estate.get("/inventory/stock/OLJCESPC7Z")["reserved"] == 0
    assert_reconciled(estate)


def test_cancelled_by_line_that_line_is_owed_back_and_the_rest_pays_for_what_leaves(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    assert cancel(estate, OLJCESPC7Z=1) == 200
    assert owed(estate) == ["19.99"]
    assert balances(estate)["contract_liabilities"] == "-37.97", "57.96 - 19.99"
    assert balances(estate)["refund_liability"] == "-19.99"
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    estate.deliver()
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/deliver")
    estate.deliver()
    left = balances(estate)
    assert "contract_liabilities" not in left, "what was prepaid paid for what arrived"
    assert "receivables" not in left
    assert left["refund_liability"] == "-19.99"
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "delivered"
    assert_reconciled(estate)


def test_cancelled_line_by_line_nothing_is_owed_twice(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    assert cancel(estate, OLJCESPC7Z=2) == 200
    assert cancel(estate) == 200
    assert owed(estate) == ["39.98", "17.98"]
    assert balances(estate) == {"bank_clearing:gke": "57.96", "refund_liability": "-57.96"}
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "cancelled"
    assert estate.get("/inventory/stock/6E92ZMYYFZ")["reserved"] == 0
    assert_reconciled(estate)


def test_a_backordered_order_is_cancelled_and_never_confirmed(estate: InProcess) -> None:
    push(estate, message(OLJCESPC7Z=3001))
    estate.deliver()
    total = estate.get(f"/order_management/orders/{OURS}")["total"]["amount"]
    assert cancel(estate, OLJCESPC7Z=1) == 409, "it waits whole, so it is cancelled whole"
    assert cancel(estate) == 200
    assert estate.get(f"/order_management/orders/{OURS}")["status"] == "cancelled"
    assert owed(estate) == [total]
    assert balances(estate) == {"bank_clearing:gke": total, "refund_liability": f"-{total}"}

    came = {"sku": "OLJCESPC7Z", "location": "reno-us", "quantity": 1}
    estate.post("/inventory/receipts", {**came, "unit_cost": {"currency": "USD", "amount": "7.20"}})
    estate.run("legacy_checkout", "finish_orders")
    push(estate, message(OLJCESPC7Z=3001), "again")
    estate.deliver()
    assert estate.get(f"/legacy_checkout/gathered-orders/{ID}")["state"] == "cancelled"
    assert estate.get("/legacy_checkout/open-orders?state=backordered")["items"] == []
    assert told(estate).count("order.confirmed") == 0
    assert estate.get("/inventory/stock/OLJCESPC7Z")["reserved"] == 0
    assert estate.get(f"/warehouse/shipments?order_id={OURS}")["items"] == []
    assert_reconciled(estate)


def test_a_backordered_order_that_was_confirmed_meanwhile_is_cancelled_like_any_other(estate: InProcess) -> None:
    push(estate, message(OLJCESPC7Z=3001))
    estate.deliver()
    came = {"sku": "OLJCESPC7Z", "location": "reno-us", "quantity": 1}
    estate.post("/inventory/receipts", {**came, "unit_cost": {"currency": "USD", "amount": "7.20"}})
    estate.run("legacy_checkout", "finish_orders")  # confirmed, and order management has not heard of it
    status, _ = estate.post(f"/order_management/orders/{OURS}/cancel", BECAUSE)
    assert status == 409
    estate.deliver()
    assert cancel(estate) == 200
    assert owed(estate) == [estate.get(f"/order_management/orders/{OURS}")["total"]["amount"]]
    assert estate.get("/inventory/stock/OLJCESPC7Z")["reserved"] == 0
    assert_reconciled(estate)


def test_what_a_refused_order_was_charged_is_shown_with_why(estate: InProcess) -> None:
    whole = json.loads(json.dumps(message()).replace("6E92ZMYYFZ", "NOSUCHSKU1"))
    push(estate, whole)
    (refused,) = estate.get("/legacy_checkout/open-orders?state=refused")["items"]
    assert (refused["code"], refused["paid"]) == ("unknown_sku", {"currency": "USD", "amount": "57.96"})


def repay(estate: InProcess, cause: str, amount: str, reference: str = "re_8841") -> tuple[int, Any]:
    body = {
        "order_id": OURS,
        "cause": cause,
        "amount": {"currency": "USD", "amount": amount},
        "reference": reference,
        "by": "Ada",
    }
    answered = estate.post("/payment/repayments", body)
    estate.deliver()
    return answered


def test_once_given_back_at_the_old_gateway_the_debt_ends_and_the_books_are_right(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    cancel(estate)
    (debt,) = estate.get("/payment/owed-back")["items"]
    assert (debt["order_id"], debt["cause"], debt["amount"]["amount"], debt["why"]) == (
        OURS,
        "cancelled",
        "57.96",
        "taken_elsewhere",
    )
    status, answer = repay(estate, "cancelled", "57.96")
    assert (status, answer["status"], answer["cause"]) == (200, "refunded", "cancelled")
    assert balances(estate) == {}, "the old gateway owes us nothing of it, and we owe the customer nothing"
    assert owed(estate) == []
    assert estate.get("/payment/owed-back")["items"] == []
    assert told(estate)[-1] == "payment.repaid"
    refunded = estate.get(f"/order_management/orders/{OURS}")["payments"]["refunded"]
    assert refunded == {"currency": "USD", "amount": "57.96"}
    assert_reconciled(estate)


def test_said_twice_it_is_given_back_once(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    cancel(estate, OLJCESPC7Z=1)
    (debt,) = estate.get("/payment/owed-back")["items"]
    assert [repay(estate, debt["cause"], "19.99")[0] for _ in range(2)] == [200, 200]
    assert balances(estate) == {"bank_clearing:gke": "37.97", "contract_liabilities": "-37.97"}
    assert told(estate).count("payment.repaid") == 1
    status, problem = repay(estate, debt["cause"], "19.99", "re_other")
    assert (status, problem["code"]) == (409, "illegal_transition")


def test_what_is_not_owed_can_not_be_given_back(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    assert repay(estate, "cancelled", "57.96")[0] == 404
    cancel(estate)
    status, problem = repay(estate, "cancelled", "57.95")
    assert (status, problem["errors"]) == (
        422,
        [{"field": "amount", "message": "expected 57.96 USD, all that is owed"}],
    )
    assert balances(estate)["refund_liability"] == "-57.96"


def test_a_return_of_such_an_order_is_a_persons_turn_at_once_and_ends_alike(estate: InProcess) -> None:
    push(estate, message())
    estate.deliver()
    (shipment,) = estate.get(f"/warehouse/shipments?order_id={OURS}")["items"]
    for deed in ("dispatch", "deliver"):
        estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{deed}")
        estate.deliver()
    lines = [{"sku": "OLJCESPC7Z", "quantity": 2}]
    _, asked = estate.post(f"/order_management/orders/{OURS}/returns", {**BECAUSE, "lines": lines})
    return_id = next(iter(asked["returns"]))["return_id"]
    estate.post(f"/order_management/orders/{OURS}/returns/{return_id}/authorize", BECAUSE)
    estate.deliver()
    arrived = {"by": "Bob", "location": "reno-us", "lines": [{**lines[0], "disposition": "restock"}]}
    assert estate.post(f"/warehouse/returns/{return_id}/receive", arrived)[0] == 200
    estate.deliver()
    (debt,) = estate.get("/payment/owed-back")["items"]
    assert (debt["cause"], debt["amount"]["amount"], debt["why"]) == (return_id, "39.98", "taken_elsewhere")
    assert repay(estate, return_id, "39.98")[0] == 200
    assert "refund_liability" not in balances(estate)
    assert balances(estate)["bank_clearing:gke"] == "17.98", "57.96 - 39.98"
    assert told(estate)[-2:] == ["payment.refunded", "order.return_refunded"]
    assert_reconciled(estate)
