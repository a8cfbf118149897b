"""Lists go by declared indexes, newest first, page by page."""

from datetime import timedelta

import pytest

from functions.order_management.list_orders import list_orders
from shared.errors import Invalid
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.stories import START, confirmed, delivered, hear, held, told


@pytest.fixture
def four_orders(db: SqliteDatabase) -> SqliteDatabase:
    for number in range(4):
        others = {
            "order_id": f"ord_{number}",
            "customer_id": f"cus_{number % 2}",
            "placed_at": START + timedelta(hours=number),
        }
        hear(db, told(held(**others) if number == 3 else confirmed(**others), number))  # type: ignore[arg-type]
    hear(db, told(delivered(1), 9))  # of an order that is not known
    return db


def test_lists_newest_first_without_what_is_not_known(four_orders: SqliteDatabase) -> None:
    first = list_orders(four_orders, limit=3)
    rest = list_orders(four_orders, limit=3, cursor=first.next_cursor)
    assert [order.order_id for order in first.items] == ["ord_3", "ord_2", "ord_1"]
    assert [order.order_id for order in rest.items] == ["ord_0"]
    assert rest.next_cursor is None


def test_lists_by_status_and_customer(four_orders: SqliteDatabase) -> None:
    def ids(**wanted: str) -> list[str]:
        return [order.order_id for order in list_orders(four_orders, **wanted).items]  # type: ignore[arg-type]

    assert ids(status="held") == ["ord_3"]
    assert ids(customer_id="cus_1") == ["ord_3", "ord_1"]
    assert ids(status="confirmed", customer_id="cus_1") == ["ord_1"]
    assert ids(status="delivered") == []


def test_refuses_a_cursor_that_is_none(four_orders: SqliteDatabase) -> None:
    with pytest.raises(Invalid):
        list_orders(four_orders, cursor="nonsense")
