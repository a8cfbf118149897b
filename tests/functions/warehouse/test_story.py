"""Short picks, cancelled lines and a return with the real neighbours: everything adds up everywhere."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.in_process import InProcess, basket

SUNGLASSES, MUG = "OLJCESPC7Z", "6E92ZMYYFZ"


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    estate = InProcess(tmp_path)
    estate.own_warehouse()
    yield estate
    estate.close()


def done(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 201), answer
    return answer[1]


def place(estate: InProcess, key: str) -> str:
    """Three sunglasses and a mug to California: one shipment from Reno over 81.95."""
    items = [{"sku": SUNGLASSES, "quantity": 3}, {"sku": MUG, "quantity": 1}]
    order_id: str = done(estate.place(basket(items=items), key))["order_id"]
    estate.deliver()
    return order_id


def pick(estate: InProcess, order_id: str, found: int, if_unavailable: str = "drop") -> None:
    lines = [{"sku": SUNGLASSES, "picked": found}, {"sku": MUG, "picked": 1}]
    path = f"/warehouse/shipments/shp_{order_id[4:]}-1/picks"
    done(estate.post(path, {"by": "joe", "lines": lines, "if_unavailable": if_unavailable}))
    estate.deliver()


def leave(estate: InProcess, order_id: str) -> None:
    """Dispatch and deliver whatever can leave."""
    for shipment in estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]:
        if shipment["status"] == "planned" and not shipment["awaiting"]:
            for step in ("dispatch", "deliver"):
                done(estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/{step}"))
                estate.deliver()


def shipments(estate: InProcess, order_id: str) -> list[tuple[Any, ...]]:
    return [
        (
            each["location"],
            each["status"],
            {line["sku"]: line["quantity"] for line in each["lines"]},
            each["total"]["amount"],
            each["awaiting"],
        )
        for each in estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]
    ]


def paid(estate: InProcess, order_id: str) -> list[tuple[str, str]]:
    found = estate.get(f"/payment/payments?order_id={order_id}")["items"]
    return sorted((each["type"], each["amount"]["amount"]) for each in found if each["type"] != "authorization")


def status(estate: InProcess, order_id: str) -> str:
    found: str = estate.get(f"/order_management/orders/{order_id}")["status"]
    return found


def empty_the_shelves(estate: InProcess) -> None:
    """Write off every pair of sunglasses that nobody holds."""
    for shelf in estate.get(f"/inventory/stock/{SUNGLASSES}")["locations"]:
        free = shelf["on_hand"] - shelf["reserved"]
        written = {"sku": SUNGLASSES, "location": shelf["location"], "delta": -free, "by": "eve", "reason": "count"}
        if free:
            done(estate.post("/inventory/adjustments", written, **{"Idempotency-Key": shelf["location"]}))


def assert_everything_adds_up(estate: InProcess) -> None:
    estate.settle()
    assert estate.get("/data_warehouse/reports/reconciliation")["differences"] == []
    assert estate.get("/accounting/trial-balance")["balanced"]
    assert estate.broker.dead_letters() == []


def test_missing_pieces_are_found_elsewhere_dropped_or_awaited(estate: InProcess) -> None:
    moved, dropped, awaited = (place(estate, key) for key in ("moved", "dropped", "awaited"))
    pick(estate, moved, found=2)
    assert shipments(estate, moved) == [
        ("reno-us", "planned", {SUNGLASSES: 2, MUG: 1}, "60.51", 0),
        ("newark-us", "planned", {SUNGLASSES: 1}, "21.44", 0),
    ]
    leave(estate, moved)
    assert (status(estate, moved), paid(estate, moved)) == ("delivered", [("capture", "21.44"), ("capture", "60.51")])

    empty_the_shelves(estate)
    pick(estate, dropped, found=1)
    leave(estate, dropped)
    assert (status(estate, dropped), paid(estate, dropped)) == ("delivered", [("capture", "39.07"), ("void", "42.88")])

    pick(estate, awaited, found=1, if_unavailable="backorder")
    leave(estate, awaited)
    assert status(estate, awaited) == "partially_dispatched"
    assert shipments(estate, awaited)[1] == ("reno-us", "planned", {SUNGLASSES: 2}, "42.88", 2)
    arrived = {
        "sku": SUNGLASSES,
        "location": "venlo-nl",
        "quantity": 1,
        "unit_cost": {"currency": "USD", "amount": "7.00"},
    }
    done(estate.post("/inventory/receipts", arrived))
    estate.offset = timedelta(minutes=16)
    estate.run("warehouse", "settle_shorts")
    estate.deliver()
    one = {"by": "ada", "reason": "no longer", "lines": [{"sku": SUNGLASSES, "quantity": 1}]}
    done(estate.post(f"/order_management/orders/{awaited}/cancel", one))
    estate.deliver()
    leave(estate, awaited)
    assert [each[:2] for each in shipments(estate, awaited)] == [
        ("reno-us", "delivered"),
        ("reno-us", "stopped"),
        ("venlo-nl", "delivered"),
    ]
    assert status(estate, awaited) == "delivered"
    assert paid(estate, awaited) == [("capture", "21.44"), ("capture", "39.07"), ("void", "21.44")]
    stock = estate.get(f"/inventory/stock/{SUNGLASSES}")
    assert (stock["on_hand"], stock["reserved"]) == (0, 0)
    assert_everything_adds_up(estate)


def test_a_line_is_cancelled_and_a_piece_comes_back(estate: InProcess) -> None:
    order_id = place(estate, "one")
    two = {"by": "ada", "reason": "too many", "lines": [{"sku": SUNGLASSES, "quantity": 1}]}
    done(estate.post(f"/order_management/orders/{order_id}/cancel", two))
    estate.deliver()
    leave(estate, order_id)
    path = f"/order_management/orders/{order_id}"
    back = [{"sku": SUNGLASSES, "quantity": 1}]
    done(estate.post(f"{path}/returns", {"by": "ada", "reason": "too dark", "lines": back}))
    return_id = estate.get(path)["returns"][0]["return_id"]
    done(estate.post(f"{path}/returns/{return_id}/authorize", {"by": "grace", "reason": "fine"}))
    estate.deliver()
    came = {"by": "joe", "location": "newark-us", "lines": [{**back[0], "disposition": "restock"}]}
    done(estate.post(f"/warehouse/returns/{return_id}/receive", came))
    estate.deliver()
    assert estate.get(path)["returns"][0]["status"] == "refunded"
    assert paid(estate, order_id) == [("capture", "60.51"), ("refund", "21.44"), ("void", "21.44")]
    assert estate.get(f"/inventory/stock/{SUNGLASSES}")["on_hand"] == 3000 - 2 + 1
    assert_everything_adds_up(estate)
