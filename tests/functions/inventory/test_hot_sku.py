"""A flash sale: 500 buyers of a SKU of which there are 100 pieces, over one shard or several."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from functions.inventory.change_shards import change_shards
from functions.inventory.count_stock import count_stock
from functions.inventory.get_stock import get_stock
from functions.inventory.report_control_totals import report_control_totals
from functions.inventory.reserve_stock import reserve_stock
from shared.errors import OutOfStock
from shared.stock.commands import ReserveStock
from shared.stock.counting import CountStock
from shared.stock.sharding import ChangeShards
from shared.storage import Database

WATCH = "1YMWWN1N4O"
PLACES = {"newark-us": 34, "reno-us": 33, "venlo-nl": 33}
TOWNS = [{"country": "US", "state": state, "zip_code": "1"} for state in ("CA", "NY")] + [
    {"country": "NL", "zip_code": "5911 AA"}
]


def body(number: int) -> ReserveStock:
    lines = [{"sku": WATCH, "quantity": 1}]
    return ReserveStock.model_validate(
        {"order_id": f"ord_{number}", "lines": lines, "destination": TOWNS[number % len(TOWNS)]}
    )


@pytest.mark.parametrize("shards", [1, 8])
def test_exactly_100_are_sold(db: Database, now: datetime, shards: int):
    for place, pieces in PLACES.items():
        count = CountStock.model_validate(
            {"location": place, "by": "joe", "lines": [{"sku": WATCH, "counted": pieces}]}
        )
        db.transact(lambda tx, c=count: count_stock(c, tx, now))
    db.transact(lambda tx: change_shards(WATCH, ChangeShards(shards=shards), tx))

    def buy(number: int) -> bool:
        try:
            db.transact(lambda tx: reserve_stock(body(number), tx, now))
        except OutOfStock as refused:
            assert refused.extra["lines"] == [{"sku": WATCH, "requested": 1, "available": 0}]
            return False
        return True

    with ThreadPoolExecutor(16) as buyers:
        sold = list(buyers.map(buy, range(500)))
    assert sold.count(True) == 100
    stock = get_stock(WATCH, db)
    assert (stock.on_hand, stock.reserved, stock.available) == (100, 100, 0)
    assert {each.location: each.reserved for each in stock.locations} == PLACES
    totals = report_control_totals(db, now).totals
    assert (totals["stock_unexplained"], totals["value_unexplained"], totals["reserved_unexplained"]) == (0, 0, 0)
