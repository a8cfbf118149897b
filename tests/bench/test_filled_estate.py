"""A history that is copied holds together as one that was lived: the estate's own checks pass over all of it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.estate import Estate
from bench.invariants import Sold, violations
from bench.stored import filling, template

REAL, COPIES = 12, 4


@pytest.mark.estate
def test_books_stock_events_and_documents_agree_over_twelve_real_orders_and_48_copies(tmp_path: Path) -> None:
    made = template.make(tmp_path, REAL)
    filling.fill(made, tmp_path, COPIES)
    sold = Sold(ids=made.sold.ids * (1 + COPIES))  # the pieces were received again, so none are missing
    sold.cents.update({part: cents * (1 + COPIES) for part, cents in made.sold.cents.items()})

    with sqlite3.connect(tmp_path / "order_management.db") as link:
        keys = [key for (key,) in link.execute("SELECT key FROM orders ORDER BY key")]
    link.close()
    assert len(set(keys)) == REAL * (1 + COPIES)
    with Estate(data=tmp_path) as estate:
        estate.await_idle(30)
        assert violations(estate, sold) == []
        oldest = estate.get(f"/order_management/orders/{keys[0]}")
        assert oldest["status"] == "delivered"
        assert oldest["order_id"] not in made.sold.ids
        invoices = [
            estate.get(f"/accounting/invoices?order_id={key}")["items"][0]["number"] for key in (keys[0], keys[-1])
        ]
        assert int(invoices[0][-6:]) > REAL >= int(invoices[1][-6:])
        reach = estate.get("/data_warehouse/reports/daily_sales")["rows"]
        assert len({row[0] for row in reach}) == 1 + COPIES


def test_a_history_stays_in_the_year_whose_invoices_it_numbers() -> None:
    assert template.spread(datetime(2026, 11, 20, tzinfo=UTC)) == timedelta(days=150)
    assert template.spread(datetime(2027, 1, 20, tzinfo=UTC)) == timedelta(days=18)
    assert template.spread(datetime(2027, 1, 1, 5, tzinfo=UTC)) == timedelta(hours=1)
