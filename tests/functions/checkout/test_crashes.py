"""The process dies before or after any request that checkout makes; another starts on the same data and finishes.

Nothing is lost and nothing doubled: one order, one reservation, one authorization, or none of them.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from functions.checkout import steps
from tests.in_process import Crash, InProcess, basket

MIXED = [{"sku": "OLJCESPC7Z", "quantity": 2}, {"sku": "FURN-004", "quantity": 1}]
STORIES: dict[str, dict[str, Any]] = {
    "plain": basket(),
    "with-furniture": basket(items=MIXED),
    "held": basket(customer={"email": "ada@review.test", "first_name": "A", "last_name": "L"}),
    "declined": basket(payment={"token": "tok_declined"}, items=MIXED),
    "denied": basket(customer={"email": "ada@deny.test", "first_name": "A", "last_name": "L"}),
    "out-of-stock": basket(items=[{"sku": "FURN-004", "quantity": 1}, {"sku": "6E92ZMYYFZ", "quantity": 1000}] * 4),
}


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    started = InProcess(Path(tmp_path_factory.mktemp("crashes")))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(steps, "FRAUD_DEADLINE_S", 30.0)  # a machine at its limit is not what is tried here
        yield started
    started.close()


def requests_of(estate: InProcess, body: dict[str, Any], key: str) -> list[tuple[str, str]]:
    """The requests that checkout makes for this basket, in order; order ids are left out of the paths."""
    estate.requests.clear()
    estate.place(body, key)
    return [(service, path.split("ord_")[0]) for service, path in estate.requests if service != "checkout"]


def held_back(estate: InProcess) -> dict[str, int]:
    return {sku: estate.get(f"/{where}/stock/{sku}")["reserved"] for sku, where in SKUS.items()}


SKUS = {"OLJCESPC7Z": "inventory", "6E92ZMYYFZ": "inventory", "FURN-004": "furniture"}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_crash_at_any_step_is_finished_by_the_next_process(estate: InProcess, story: str, side: str):
    body = STORIES[story]
    whole = f"{story}-{side}"
    expected, _ = estate.place(body, f"{whole}-undisturbed")
    asked = requests_of(estate, body, f"{whole}-again")
    assert len(asked) >= 4
    for number, step in enumerate(asked):
        crash_at(estate, body, f"{whole}-{number}", side, asked[:number].count(step), step, expected)


def crash_at(
    estate: InProcess, body: dict[str, Any], key: str, side: str, skip: int, step: tuple[str, str], expected: int
) -> None:
    held_before = held_back(estate)
    left = [skip]

    def die() -> None:
        if left[0]:
            left[0] -= 1
            return
        raise Crash

    getattr(estate, side)[step] = die
    with pytest.raises(Crash):
        estate.place(body, key)
    estate.restart()
    estate.run("checkout", "relay_outbox")
    estate.run("checkout", "resume_orders")
    status, answer = estate.place(body, key)
    assert status == expected, (key, step, answer)
    assert estate.place(body, key) == (status, answer)
    assert estate.get("/checkout/outstanding")["sagas"] == 0
    held_now = held_back(estate)
    if status == 201:
        pieces = {line["sku"]: line["quantity"] for line in answer["lines"]}
        assert {sku: held_now[sku] - held_before[sku] for sku in SKUS} == {sku: pieces.get(sku, 0) for sku in SKUS}
        payments = estate.get(f"/payment/payments?order_id={answer['order_id']}")["items"]
        assert [(item["type"], item["status"], item["amount"]) for item in payments] == [
            ("authorization", "authorized", answer["total"])
        ]
    else:
        assert held_now == held_before, (key, step)


def test_after_all_crashes_the_books_agree(estate: InProcess):
    estate.own_warehouse()
    estate.settle()  # on a busy machine fraud is silent for 800 ms: such orders are scored, and approved, by a sweep
    assert estate.broker.dead_letters() == []
    report = estate.get("/data_warehouse/reports/reconciliation")
    assert report["differences"] == []
    assert report["balanced"] is True
