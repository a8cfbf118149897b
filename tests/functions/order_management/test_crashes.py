"""The process dies between a cancellation's intent, warehouse's decision and the result; the next one finishes it.

Nothing is cancelled twice, nothing stays undecided, and all services agree on what became of the order.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.in_process import ADA, Crash, InProcess, basket

GRACE = {"by": "grace", "reason": "the customer called"}
SUNGLASSES = "OLJCESPC7Z"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    started = InProcess(Path(tmp_path_factory.mktemp("cancelling")))
    yield started
    started.close()


def placed(estate: InProcess, name: str) -> str:
    status, answer = estate.place(basket(customer={**ADA, "email": f"{name}@example.com"}), name)
    assert status == 201, answer
    estate.deliver()
    return str(answer["order_id"])


def die() -> None:
    raise Crash


def stops_asked(estate: InProcess, order_id: str) -> int:
    return estate.requests.count(("warehouse", f"POST /orders/{order_id}/stop"))


def cancellations(estate: InProcess) -> int:
    return int(estate.get("/order_management/outstanding")["cancellations"])


def published(estate: InProcess, order_id: str) -> list[str]:
    types = [each["type"] for each in estate.get(f"/order_management/orders/{order_id}")["history"]]
    return [each for each in types if each in ("order.cancelled", "order.reduced")]


CRASHES = {"before warehouse is asked": "before", "after warehouse has decided": "after"}


@pytest.mark.parametrize("side", CRASHES.values(), ids=CRASHES)
@pytest.mark.parametrize("again", ["the sweep", "the same command"])
def test_a_whole_cancellation_is_finished_once(estate: InProcess, side: str, again: str) -> None:
    order_id = placed(estate, f"whole-{side}-{again[4:].replace(' ', '-')}")
    path = f"/order_management/orders/{order_id}/cancel"
    getattr(estate, side)["warehouse", f"POST /orders/{order_id}/stop"] = die
    with pytest.raises(Crash):
        estate.post(path, GRACE)
    estate.restart()
    order = estate.get(f"/order_management/orders/{order_id}")
    assert (order["status"], order["cancelling"], cancellations(estate)) == ("confirmed", True, 1)

    finish(estate, path, again)
    estate.deliver()

    assert stops_asked(estate, order_id) == 2
    order = estate.get(f"/order_management/orders/{order_id}")
    assert (order["status"], order["cancelling"], cancellations(estate)) == ("cancelled", False, 0)
    assert published(estate, order_id) == ["order.cancelled"]
    [shipment] = estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]
    assert shipment["status"] == "stopped"
    assert [each["type"] for each in estate.get(f"/payment/payments?order_id={order_id}")["items"]] == [
        "authorization",
        "void",
    ]
    status, answer = estate.post(path, GRACE)
    assert (status, answer["status"]) == (200, "cancelled")
    assert published(estate, order_id) == ["order.cancelled"]


def finish(estate: InProcess, path: str, again: str, **changes: Any) -> None:
    if again == "the sweep":
        for _ in range(2):
            estate.run("order_management", "finish_cancellations")
    else:
        assert estate.post(path, GRACE | changes)[0] == 200


@pytest.mark.parametrize("side", CRASHES.values(), ids=CRASHES)
def test_pieces_are_taken_out_once(estate: InProcess, side: str) -> None:
    order_id = placed(estate, f"pieces-{side}")
    path = f"/order_management/orders/{order_id}/cancel"
    lines = [{"sku": SUNGLASSES, "quantity": 1}]
    getattr(estate, side)["warehouse", f"POST /orders/{order_id}/stop"] = die
    with pytest.raises(Crash):
        estate.post(path, GRACE | {"lines": lines})
    estate.restart()
    finish(estate, path, "the same command", lines=lines)
    estate.run("order_management", "finish_cancellations")
    estate.deliver()

    assert published(estate, order_id) == ["order.reduced"]
    [shipment] = estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]
    assert {line["sku"]: line["quantity"] for line in shipment["lines"]} == {SUNGLASSES: 1, "6E92ZMYYFZ": 1}
    lines_now = estate.get(f"/order_management/orders/{order_id}")["lines"]
    assert [(line["quantity"], line["cancelled"]) for line in lines_now] == [(2, 1), (1, 0)]


def test_a_cancellation_that_loses_against_dispatch_changes_nothing(estate: InProcess) -> None:
    order_id = placed(estate, "too-late")
    [shipment] = estate.get(f"/warehouse/shipments?order_id={order_id}")["items"]
    estate.post(f"/warehouse/shipments/{shipment['shipment_id']}/dispatch")
    status, answer = estate.post(f"/order_management/orders/{order_id}/cancel", GRACE)
    assert (status, answer["code"]) == (409, "illegal_transition")
    estate.deliver()
    order = estate.get(f"/order_management/orders/{order_id}")
    assert (order["status"], order["cancelling"]) == ("dispatched", False)
    assert published(estate, order_id) == []
