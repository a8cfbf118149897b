"""A day of the shop in one process with its analytical store on BigQuery's emulator: the books agree there too."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process import InProcess, basket


@pytest.fixture
def estate(tmp_path: Path, bigquery_emulator: str) -> Iterator[InProcess]:
    started = InProcess(tmp_path, bigquery=bigquery_emulator, dataset=f"e{secrets.token_hex(6)}")
    yield started
    started.close()


def test_an_orders_events_are_loaded_once_and_every_services_totals_agree_with_them(estate: InProcess) -> None:
    status, order = estate.place(basket())
    assert (status, order["status"]) == (201, "confirmed")
    estate.deliver()
    estate.run("data_warehouse", "load_events")

    agreed = estate.get("/data_warehouse/reports/reconciliation")
    assert agreed["differences"] == []
    assert agreed["balanced"]
    assert agreed["checked"] > 10
    sales = estate.get("/data_warehouse/reports/daily_sales")
    assert [row[1:4] for row in sales["rows"]] == [["USD", 1, order["total"]["amount"]]]
