"""What moved for an order, and what the service's documents add up to."""

from datetime import timedelta

import pytest

from functions.payment.get_authorization import get_authorization
from functions.payment.list_payments import list_payments
from functions.payment.report_control_totals import report_control_totals
from shared.errors import NotFound, PaymentDeclined
from tests.functions.payment.conftest import ORDER, Payment


def lines(payment: Payment) -> list[tuple[str, str, str]]:
    return [(item.type, item.amount.amount, item.status) for item in list_payments(ORDER, payment.db).items]


def test_lists_authorization_captures_and_void(payment: Payment, clock) -> None:
    payment.authorize()
    clock.advance(hours=1)
    payment.capture("30.00")
    clock.advance(hours=1)
    payment.void()
    assert lines(payment) == [
        ("authorization", "100.00", "voided"),
        ("capture", "30.00", "captured"),
        ("void", "70.00", "voided"),
    ]
    assert list_payments(ORDER, payment.db).items[1].shipment_id == "shp_1"


def test_lists_what_failed(payment: Payment) -> None:
    payment.authorize("tok_capture_fails")
    payment.capture("30.00")
    item = list_payments(ORDER, payment.db).items[1]
    assert (item.type, item.status, item.decline_code) == ("capture", "failed", "capture_failed")


def test_lists_a_decline(payment: Payment) -> None:
    with pytest.raises(PaymentDeclined):
        payment.authorize("tok_expired")
    [item] = list_payments(ORDER, payment.db).items
    assert (item.type, item.status, item.decline_code) == ("authorization", "declined", "expired_card")
    assert get_authorization(ORDER, payment.db).status == "declined"


def test_an_unknown_order_has_no_payments(payment: Payment) -> None:
    assert lines(payment) == []
    with pytest.raises(NotFound):
        get_authorization(ORDER, payment.db)


def test_control_totals_are_sums_up_to_a_moment(payment: Payment, clock) -> None:
    start = clock()
    payment.authorize(order_id="ord_1", amount="100.00")
    payment.authorize(order_id="ord_2", amount="1200", currency="JPY")
    with pytest.raises(PaymentDeclined):
        payment.authorize("tok_declined", order_id="ord_3")
    payment.authorize("tok_3ds", order_id="ord_4", amount="5.00")
    authorized = clock()
    clock.advance(hours=1)
    payment.capture("30.00", "shp_1", "ord_1")
    captured = clock()
    clock.advance(hours=1)
    payment.void("ord_1")
    payment.void("ord_2")

    def totals(until):
        return report_control_totals(payment.db, clock(), until).totals

    first = {"authorized.USD": 10000, "authorized.JPY": 1200}
    nothing = {"captured.count": 0, "refunded.count": 0}
    assert totals(start - timedelta(seconds=1)) == nothing
    assert totals(authorized) == {**nothing, **first}
    assert totals(captured) == {**nothing, **first, "captured.count": 1, "captured.USD": 3000}
    last = {"captured.count": 1, "captured.USD": 3000, "voided.USD": 7000, "voided.JPY": 1200}
    assert totals(None) == {**nothing, **first, **last}
    assert report_control_totals(payment.db, clock()).until == clock()
