"""A day of the keepers of stock with the real neighbours: events, documents and books tell the same story."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.in_process import InProcess
from tests.shared.http import stock_day

MUG, SHELF = "6E92ZMYYFZ", "FURN-005"


@pytest.fixture
def estate(tmp_path: Path) -> Iterator[InProcess]:
    started = InProcess(tmp_path)
    started.own_warehouse()
    yield started
    started.close()


def done(answer: tuple[int, Any]) -> Any:
    assert answer[0] in (200, 201), answer
    return answer[1]


def test_everything_that_people_do_to_stock_is_explained_everywhere(estate: InProcess) -> None:
    receipt = {"sku": MUG, "location": "reno-us", "quantity": 7, "unit_cost": {"currency": "USD", "amount": "2.47"}}
    done(estate.post("/inventory/receipts", receipt))
    stock_day.live(estate)
    estate.deliver()
    estate.sweep()
    estate.deliver()
    stock = estate.get(f"/inventory/stock/{MUG}")
    totals = estate.get("/inventory/control-totals")["totals"]
    aside = stock["quarantine"] + stock["damaged"] + stock["in_transit"]
    assert totals[f"movements.{MUG}"] == stock["on_hand"] + aside
    assert estate.get("/furniture/control-totals")["totals"][f"movements.{SHELF}"] == 2999
    for service in stock_day.GOODS:
        found = estate.get(f"/{service}/control-totals")["totals"]
        assert {name: total for name, total in found.items() if name.endswith("unexplained") and total} == {}
    report = estate.get("/data_warehouse/reports/reconciliation")
    assert (report["balanced"], report["differences"]) == (True, [])
    assert estate.get("/accounting/trial-balance")["balanced"]


def test_a_command_sent_twice_under_one_key_is_done_once(estate: InProcess) -> None:
    key = {"Idempotency-Key": "adjust-1"}
    body = {"sku": MUG, "location": "reno-us", "delta": -5, "reason": "broken", "by": "joe"}
    first = done(estate.post("/inventory/adjustments", body, **key))
    assert done(estate.post("/inventory/adjustments", body, **key)) == first
    assert estate.get(f"/inventory/stock/{MUG}")["on_hand"] == 2995
    status, refused = estate.post("/inventory/adjustments", {**body, "delta": -6}, **key)
    assert (status, refused["code"]) == (422, "idempotency_key_reused")
    status, refused = estate.post("/inventory/adjustments", body)
    assert (status, refused["code"]) == (400, "idempotency_key_missing")
    assert estate.get(f"/inventory/stock/{MUG}")["on_hand"] == 2995
