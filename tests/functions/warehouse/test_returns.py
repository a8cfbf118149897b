"""Returned goods: received once, never more than authorized, at exactly what was charged."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.warehouse.expect_return import expect_return
from functions.warehouse.lapse_returns import lapse_returns
from functions.warehouse.list_returns import list_returns
from functions.warehouse.receive_return import ReceiveReturn, receive_return
from functions.warehouse.report_control_totals import report_control_totals
from functions.warehouse.returned import ReturnAnswer
from shared.errors import IllegalTransition, Invalid, NotFound
from shared.events import Envelope
from shared.events.order import OrderReturnAuthorized
from shared.storage.sqlite import SqliteDatabase
from shared.values.clock import rfc3339
from tests.functions.order_management.stories import ORDER, START, usd
from tests.functions.warehouse.orders import NUMBER

Emitted = Callable[[SqliteDatabase], list[Envelope]]
LATER = START + timedelta(days=9)


def part(number: int, sku: str, quantity: int, net: str, tax: str) -> dict[str, Any]:
    return {
        "shipment_id": f"shp_{NUMBER}-{number}",
        "fulfilment": "parcel",
        "sku": sku,
        "name": f"The {sku}",
        "quantity": quantity,
        "net": usd(net),
        "tax": usd(tax),
        "tax_rate": "0.1",
        "jurisdiction": "US-CA",
    }


def authorized(shipping: str = "0.00") -> OrderReturnAuthorized:
    """Two mugs of the first shipment, one of the second, a cup."""
    lines = [
        part(1, "MUG-1", 2, "6.67", "0.67"),
        part(2, "MUG-1", 1, "3.34", "0.33"),
        part(2, "CUP-1", 1, "1.00", "0.10"),
    ]
    return OrderReturnAuthorized.model_validate(
        {
            "order_id": ORDER,
            "return_id": "ret_1",
            "by": "grace",
            "customer_id": "cus_ada",
            "email": "ada@example.com",
            "first_name": "Ada",
            "lines": lines,
            "goods_net": usd("11.01"),
            "goods_tax": usd("1.10"),
            "shipping_net": usd(shipping),
            "shipping_tax": usd("0.00"),
            "total": usd("12.11") + usd(shipping),
            "seller": "ob-eu",
            "exchange_rate": {"rate": "1", "provider": "ecb", "date": "2026-11-19"},
        }
    )


def expect(db: SqliteDatabase, event: OrderReturnAuthorized | None = None) -> None:
    db.transact(lambda tx: expect_return(event or authorized(), tx, START))


def receive(db: SqliteDatabase, *lines: tuple[str, int, str], location: str = "reno-us") -> ReturnAnswer:
    goods = [{"sku": sku, "quantity": quantity, "disposition": what} for sku, quantity, what in lines]
    command = ReceiveReturn.model_validate({"by": "joe", "location": location, "lines": goods})
    return db.transact(lambda tx: receive_return("ret_1", command, tx, LATER))


EVERYTHING = (("MUG-1", 3, "restock"), ("CUP-1", 1, "quarantine"))


def test_everything_that_comes_back_is_worth_what_was_charged(db: SqliteDatabase, emitted: Emitted) -> None:
    expect(db, authorized("5.00"))
    answer = receive(db, *EVERYTHING)
    assert (answer.status, answer.received_by, answer.received_at) == ("received", "joe", LATER)
    (event,) = emitted(db)
    assert (event.type, event.subject, event.time) == ("shipment.returned", ORDER, LATER)
    assert {name: event.data[name]["amount"] for name in ("goods_net", "goods_tax", "shipping_net", "total")} == {
        "goods_net": "11.01",
        "goods_tax": "1.10",
        "shipping_net": "5.00",
        "total": "17.11",
    }
    assert (event.data["seller"], event.data["exchange_rate"]["rate"]) == ("ob-eu", "1")
    assert [(each["shipment_id"][-1], each["quantity"], each["disposition"]) for each in event.data["lines"]] == [
        ("1", 2, "restock"),
        ("2", 1, "restock"),
        ("2", 1, "quarantine"),
    ]
    assert "email" not in event.data


def test_what_did_not_come_is_not_refunded(db: SqliteDatabase, emitted: Emitted) -> None:
    expect(db)
    answer = receive(db, ("MUG-1", 1, "restock"))
    assert [(each.quantity, each.net.amount, each.tax.amount) for each in answer.received] == [(1, "3.34", "0.34")]
    assert emitted(db)[0].data["total"]["amount"] == "3.68"
    assert answer.lines == authorized().lines  # what was authorized stays on record


def test_pieces_of_one_line_may_be_restocked_and_quarantined(db: SqliteDatabase) -> None:
    expect(db)
    answer = receive(db, ("MUG-1", 1, "quarantine"), ("MUG-1", 2, "restock"))
    assert [(each.quantity, each.disposition, each.net.amount, each.tax.amount) for each in answer.received] == [
        (1, "quarantine", "3.34", "0.34"),
        (1, "restock", "3.33", "0.33"),
        (1, "restock", "3.34", "0.33"),
    ]
    assert {each.location for each in answer.received} == {"reno-us"}


@pytest.mark.parametrize("lines", [[("MUG-1", 4, "restock")], [("MUG-1", 2, "restock"), ("MUG-1", 2, "quarantine")]])
def test_never_more_than_was_authorized(db: SqliteDatabase, emitted: Emitted, lines: Any) -> None:
    expect(db)
    with pytest.raises(Invalid, match="1 more of MUG-1"):
        receive(db, *lines)
    with pytest.raises(Invalid, match="1 more of PLATE-1"):
        receive(db, ("PLATE-1", 1, "restock"))
    assert emitted(db) == []
    assert list_returns(db).items[0].status == "expected"


def test_told_again_it_is_answered_again_and_other_goods_are_refused(db: SqliteDatabase, emitted: Emitted) -> None:
    expect(db)
    first = receive(db, *EVERYTHING)
    expect(db)  # the authorization, heard again
    assert receive(db, *EVERYTHING) == first
    with pytest.raises(IllegalTransition, match="received already"):
        receive(db, ("MUG-1", 1, "restock"))
    assert len(emitted(db)) == 1


def test_what_is_not_authorized_is_not_received(db: SqliteDatabase) -> None:
    with pytest.raises(NotFound):
        receive(db, *EVERYTHING)


def test_goods_come_to_a_place_of_ours(db: SqliteDatabase) -> None:
    expect(db)
    with pytest.raises(Invalid, match="expected one of newark-us, reno-us, venlo-nl"):
        receive(db, *EVERYTHING, location="atlantis")


def test_lists_by_order_and_by_state(db: SqliteDatabase) -> None:
    expect(db)
    assert [each.return_id for each in list_returns(db, order_id=ORDER).items] == ["ret_1"]
    assert [each.return_id for each in list_returns(db, status="expected").items] == ["ret_1"]
    receive(db, *EVERYTHING)
    assert list_returns(db, status="expected").items == []
    assert list_returns(db, order_id=ORDER, status="expected").items == []
    assert list_returns(db, order_id="ord_other").items == []


DUE = START + timedelta(days=30)


def lapse(db: SqliteDatabase, now: datetime = DUE) -> None:
    lapse_returns(db, now)


def test_what_never_came_is_expected_for_thirty_days(db: SqliteDatabase, emitted: Emitted) -> None:
    expect(db)
    lapse(db, DUE - timedelta(microseconds=1))
    assert list_returns(db).items[0].status == "expected"
    assert emitted(db) == []
    for _ in range(2):
        lapse(db)
    [event] = emitted(db)
    assert (event.type, event.subject, event.time) == ("shipment.return_lapsed", ORDER, DUE)
    assert event.data == {
        "order_id": ORDER,
        "return_id": "ret_1",
        "customer_id": "cus_ada",
        "expected_at": rfc3339(START),
    }
    [shown] = list_returns(db, status="lapsed").items
    assert (shown.lapsed_at, shown.received, shown.received_at) == (DUE, (), None)
    expect(db)  # the authorization, heard again
    assert list_returns(db, status="expected").items == []


def test_what_comes_after_that_needs_another_return(db: SqliteDatabase, emitted: Emitted) -> None:
    expect(db)
    lapse(db)
    with pytest.raises(IllegalTransition, match="authorize another return"):
        receive(db, *EVERYTHING)
    assert [event.type for event in emitted(db)] == ["shipment.return_lapsed"], "nothing is refunded"


def test_what_came_in_time_never_lapses(db: SqliteDatabase, emitted: Emitted) -> None:
    expect(db)
    receive(db, ("MUG-1", 1, "restock"))
    lapse(db, DUE + timedelta(days=300))
    assert [event.type for event in emitted(db)] == ["shipment.returned"]
    assert list_returns(db).items[0].status == "received"


def test_all_that_are_due_lapse_in_one_run(db: SqliteDatabase, emitted: Emitted) -> None:
    for number in range(120):
        expect(db, authorized().model_copy(update={"return_id": f"ret_{number}"}))
    lapse(db)
    assert len(emitted(db)) == 120
    assert report_control_totals(db, DUE).totals["returns_lapsed.count"] == 120
    assert report_control_totals(db, DUE, LATER).totals["returns_lapsed.count"] == 0


def test_control_totals_count_what_came_by_the_time_of_its_event(db: SqliteDatabase) -> None:
    expect(db)
    receive(db, *EVERYTHING)
    totals = report_control_totals(db, LATER).totals
    assert (totals["returned.count"], totals["returned.total.USD"]) == (1, 1211)
    assert report_control_totals(db, LATER, START).totals["returned.count"] == 0
