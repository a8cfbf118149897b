"""The transaction stream of requirements 000: every order that will be fulfilled is in fraud's history, once.

The whole estate in process, with fraud loaded as Azure loads it.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.in_process import ADA, HOME, InProcess, basket


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    running = InProcess(tmp_path)
    yield running
    running.close()


def streamed(estate: InProcess) -> dict[str, int]:
    totals: dict[str, int] = estate.get("/fraud/api/control-totals", "data_warehouse")["totals"]
    return totals


def once(order: dict[str, Any]) -> dict[str, int]:
    minor = int(order["total"]["amount"].replace(".", ""))
    return {"transactions.count": 1, "transactions.total.USD": minor}


def told(estate: InProcess) -> int:
    return estate.requests.count(("fraud", "POST /api/transactions"))


def settle(estate: InProcess) -> None:
    """Deliver all; on a busy machine fraud may have been silent for 800 ms: the order is then scored by a sweep."""
    estate.deliver()
    estate.run("order_management", "rescore_silent_orders")
    estate.deliver()


def placed(estate: InProcess, email: str = "ada@example.com", key: str = "key-1") -> dict[str, Any]:
    status, order = estate.place(basket(customer={**ADA, "email": email}), key)
    assert status == 201, order
    settle(estate)
    return order


def test_a_confirmed_order_is_in_frauds_history(estate: InProcess) -> None:
    order = placed(estate)
    assert streamed(estate) == once(order)
    assert told(estate) == 1


def test_an_answer_that_is_lost_counts_once_all_the_same(estate: InProcess) -> None:
    lost: list[int] = []

    def lose() -> None:
        lost.append(1)
        if len(lost) < 5:  # a sixth failure in a row would have fraud left alone for a while
            raise OSError("the tunnel is down")

    estate.after["fraud", "POST /api/transactions"] = lose
    order = placed(estate)
    until = time.monotonic() + 20
    while told(estate) < 5 and time.monotonic() < until:
        time.sleep(0.05)  # the broker backs off
        estate.deliver()
    assert told(estate) == 5
    assert streamed(estate) == once(order)


def test_a_held_order_is_streamed_when_it_is_approved_and_not_before(estate: InProcess) -> None:
    order = placed(estate, "grace@review.test")
    assert streamed(estate) == {"transactions.count": 0}
    status, _ = estate.post(
        f"/order_management/orders/{order['order_id']}/approve", {"by": "grace", "reason": "known to us"}
    )
    assert status == 200
    settle(estate)
    assert streamed(estate) == once(order)


def test_a_rejected_and_a_denied_order_are_never_streamed(estate: InProcess) -> None:
    order = placed(estate, "grace@review.test")
    rejection = {"by": "grace", "reason": "stolen card"}
    assert estate.post(f"/order_management/orders/{order['order_id']}/reject", rejection)[0] == 200
    status, _ = estate.place(basket(customer={**ADA, "email": "mallory@deny.test"}), "key-2")
    settle(estate)
    assert status == 402
    assert streamed(estate) == {"transactions.count": 0}
    assert told(estate) == 0


def test_nobody_is_named_in_what_fraud_keeps(estate: InProcess, tmp_path: Path) -> None:
    placed(estate)
    estate.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("fraud.db*"))
    assert b"OLJCESPC7Z" in kept
    for personal in (ADA["email"], ADA["first_name"], ADA["last_name"], HOME["street_address"], "Mountain View"):
        assert personal.encode() not in kept


def test_only_order_management_may_stream_and_only_fraud_hears_it(estate: InProcess) -> None:
    for caller in ("checkout", "data_warehouse", "gke-checkout"):
        assert estate.ask(caller, "POST", "/fraud/api/transactions", {}).status == 403
    assert estate.ask("order_management", "POST", "/fraud/api/transactions", {}).status == 422
