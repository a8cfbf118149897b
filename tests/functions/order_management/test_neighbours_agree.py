"""An order that changes on the way, with the real neighbours: all services and the events come to the same figures.

Two pairs of sunglasses (19.99 each, 7.25 % tax in California) and a mug (8.99) with shipping 4.99: 57.51 USD.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.in_process import ADA, InProcess, basket

GRACE = {"by": "grace", "reason": "the customer called"}
SUNGLASSES, MUG = "OLJCESPC7Z", "6E92ZMYYFZ"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    started = InProcess(Path(tmp_path_factory.mktemp("neighbours")))
    started.own_warehouse()
    yield started
    started.close()


def placed(estate: InProcess, name: str, **changes: Any) -> str:
    status, answer = estate.place(basket(customer={**ADA, "email": f"{name}@example.com"}, **changes), name)
    assert (status, answer["total"]["amount"]) == (201, "57.51")
    estate.deliver()
    return str(answer["order_id"])


def order(estate: InProcess, order_id: str) -> Any:
    return estate.get(f"/order_management/orders/{order_id}")


def sent(estate: InProcess, order_id: str) -> None:
    for step in ("dispatch", "deliver"):
        for shipment in estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]:
            assert estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{step}")[0] == 200
            estate.deliver()


def payments(estate: InProcess, order_id: str) -> dict[str, str]:
    items = estate.get(f"/payment/payments?order_id={order_id}")["items"]
    return {each["type"]: each["amount"]["amount"] for each in items}


def on_hand(estate: InProcess, sku: str) -> int:
    return int(estate.get(f"/inventory/stock/{sku}")["on_hand"])


def test_one_pair_is_cancelled_and_the_rest_comes_back(estate: InProcess) -> None:
    before = on_hand(estate, SUNGLASSES)
    order_id = placed(estate, "changes-her-mind")
    cancel = GRACE | {"lines": [{"sku": SUNGLASSES, "quantity": 1}]}
    assert estate.post(f"/order_management/orders/{order_id}/cancel", cancel)[0] == 200
    estate.deliver()
    sent(estate, order_id)
    assert order(estate, order_id)["status"] == "delivered"
    assert payments(estate, order_id) == {"authorization": "57.51", "void": "21.44", "capture": "36.07"}
    assert on_hand(estate, SUNGLASSES) == before - 1

    path = f"/order_management/orders/{order_id}/returns"
    _, asked = estate.post(path, GRACE | {"refund_shipping": True})
    [goods] = asked["returns"]
    assert estate.post(f"{path}/{goods['return_id']}/authorize", GRACE)[0] == 200
    estate.deliver()
    back = [{"sku": sku, "quantity": 1, "disposition": "restock"} for sku in (SUNGLASSES, MUG)]
    came = {"by": "joe", "location": "reno-us", "lines": back}
    assert estate.post(f"/warehouse/returns/{goods['return_id']}/receive", came)[0] == 200
    estate.deliver()

    [ended] = order(estate, order_id)["returns"]
    amounts = {name: ended[name]["amount"] for name in ("goods_net", "goods_tax", "shipping_net", "total")}
    assert amounts == {"goods_net": "28.98", "goods_tax": "2.10", "shipping_net": "4.99", "total": "36.07"}
    assert (ended["status"], payments(estate, order_id)["refund"]) == ("refunded", "36.07")
    assert estate.get("/order_management/returns?status=refunded")["items"] == [ended]
    assert on_hand(estate, SUNGLASSES) == before


def test_after_a_cancellation_the_events_and_the_documents_agree(estate: InProcess) -> None:
    order_id = placed(estate, "never-mind")
    assert estate.post(f"/order_management/orders/{order_id}/cancel", GRACE)[0] == 200
    for _ in range(2):
        estate.deliver()
        estate.sweep()
    assert payments(estate, order_id) == {"authorization": "57.51", "void": "57.51"}
    assert estate.get(f"/inventory/reservations/{order_id}")["state"] == "released"
    assert estate.get("/order_management/control-totals")["totals"]["cancelled.count"] == 1
    report = estate.get("/data_warehouse/reports/reconciliation")
    assert [each for each in report["differences"] if each["service"] == "order_management"] == []


def test_a_pair_that_is_nowhere_is_dropped_uncharged(estate: InProcess) -> None:
    order_id = placed(estate, "short")
    [shipment] = estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]
    for place in estate.get(f"/inventory/stock/{SUNGLASSES}")["locations"]:
        lost = {"sku": SUNGLASSES, "location": place["location"], "delta": place["reserved"] - place["on_hand"]}
        key = {"Idempotency-Key": f"lost-{place['location']}"}
        assert estate.post("/inventory/adjustments", lost | {"by": "joe", "reason": "lost"}, **key)[0] < 300
    found = {"by": "joe", "lines": [{"sku": SUNGLASSES, "picked": 1}, {"sku": MUG, "picked": 1}]}
    assert estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/picks", found)[0] == 200
    estate.deliver()
    sent(estate, order_id)

    shown = order(estate, order_id)
    assert shown["status"] == "delivered"
    assert [(line["quantity"], line["cancelled"], line["delivered"]) for line in shown["lines"]] == [
        (2, 1, 1),
        (1, 0, 1),
    ]
    assert payments(estate, order_id) == {"authorization": "57.51", "void": "21.44", "capture": "36.07"}
    told = [each["sentence"] for each in estate.get(f"/order_management/orders/{order_id}/timeline")["items"]]
    assert "1 Sunglasses could not be found in Reno; they will not be sent." in told
    assert "1 Sunglasses will not be sent: short pick; 21.44 USD is not charged." in told
