"""One order with everything that can happen to its money, through all services, to the bank and into the books."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.in_process import InProcess, basket


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    started = InProcess(tmp_path)
    started.own_warehouse()
    yield started
    started.close()


def do(estate: InProcess, path: str, **body: Any) -> Any:
    status, answer = estate.post(path, body or None)
    assert status == 200, answer
    estate.deliver()
    return answer


def payments(estate: InProcess, order_id: str) -> list[tuple[str, str]]:
    items = estate.get(f"/payment/payments?order_id={order_id}")["items"]
    return [(item["type"], item["amount"]["amount"]) for item in items]


def balance(estate: InProcess, account: str) -> list[tuple[str, str]]:
    accounts = estate.get("/accounting/trial-balance")["accounts"]
    return [(each["debit"]["amount"], each["credit"]["amount"]) for each in accounts if each["account"] == account]


def test_a_piece_cancelled_one_returned_a_chargeback_and_the_payout(estate: InProcess):
    _, order = estate.place(basket())
    order_id, by = order["order_id"], {"by": "ada", "reason": "changed her mind"}
    path = f"/order_management/orders/{order_id}"
    estate.deliver()
    assert order["total"]["amount"] == "57.51"
    do(estate, f"{path}/cancel", **by, lines=[{"sku": "OLJCESPC7Z", "quantity": 1}])  # 19.99 and 1.45 tax
    [shipment] = estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]
    for step in ("dispatch", "deliver"):
        do(estate, f"/warehouse/shipments/{shipment['shipment_id']}/{step}")
    assert payments(estate, order_id) == [("authorization", "57.51"), ("void", "21.44"), ("capture", "36.07")]

    mug = {"sku": "6E92ZMYYFZ", "quantity": 1}  # 8.99 and 0.65 tax
    return_id = do(estate, f"{path}/returns", **by, lines=[mug])["returns"][0]["return_id"]
    do(estate, f"{path}/returns/{return_id}/authorize", by="grace", reason="within 30 days")
    found = {**mug, "disposition": "restock"}
    do(estate, f"/warehouse/returns/{return_id}/receive", by="joe", location=shipment["location"], lines=[found])
    assert payments(estate, order_id)[3:] == [("refund", "9.64")]
    assert estate.get(path)["returns"][0]["status"] == "refunded"

    disputed = {"currency": "USD", "amount": "1.00"}
    do(estate, "/payment/chargebacks", chargeback_id="cbk_1", order_id=order_id, amount=disputed, reason="fraud")
    estate.offset += timedelta(days=1, hours=1)
    estate.run("payment", "pay_out")
    estate.deliver()
    # 36.07 - 9.64 - (1.00 + 15.00) = 10.43, less 2.9 % of 36.07 (1.05) and 0.30
    assert balance(estate, "bank") == [("9.08", "0.00")]
    assert balance(estate, "payment_fees") == [("16.35", "0.00")]
    [(debit, credit)] = balance(estate, "bank_clearing:sandbox")
    assert debit == credit == "36.07", "the gateway owes nothing any more"
    assert estate.get("/accounting/trial-balance")["balanced"]
