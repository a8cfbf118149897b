"""The customer's bank takes money back: told once, never more than was captured and is still ours."""

import pytest

from functions.payment.capture import Capture
from functions.payment.list_payments import list_payments
from functions.payment.report_control_totals import report_control_totals
from shared.errors import Invalid, NotFound
from tests.functions.payment.conftest import ORDER, Payment


def shipped(payment: Payment) -> None:
    payment.authorize()
    payment.capture("60.00", "shp_1")
    payment.capture("40.00", "shp_2")


def test_tells_what_was_taken_back_and_what_the_gateway_asks_for_it(payment: Payment) -> None:
    shipped(payment)
    payment.charge_back("75.50")
    [(type_, data)] = payment.events[3:]
    assert type_ == "payment.charged_back"
    assert data == {
        "order_id": ORDER,
        "chargeback_id": "cbk_1",
        "payment_id": data["payment_id"],
        "amount": {"currency": "USD", "amount": "75.50"},
        "fee": {"currency": "USD", "amount": "15.00"},
        "gateway": "sandbox",
        "reason": "not_received",
    }
    assert [payment.db.get(Capture, f"shp_{number}").charged_back_minor for number in (1, 2)] == [6000, 1550]


def test_the_same_one_told_twice_is_one(payment: Payment) -> None:
    shipped(payment)
    assert payment.charge_back("75.50") == payment.charge_back("75.50")
    assert payment.types.count("payment.charged_back") == 1
    assert payment.db.get(Capture, "shp_2").charged_back_minor == 1550


def test_without_an_amount_it_is_all_that_is_still_ours(payment: Payment) -> None:
    shipped(payment)
    payment.take_back({"shp_1": "10.00"})
    assert payment.charge_back().amount.amount == "90.00"
    with pytest.raises(NotFound):
        payment.charge_back(chargeback_id="cbk_2")


@pytest.mark.parametrize(
    ("amount", "currency"), [("100.01", "USD"), ("0.00", "USD"), ("-1.00", "USD"), ("1.00", "EUR")]
)
def test_refuses_what_was_not_captured(payment: Payment, amount: str, currency: str) -> None:
    shipped(payment)
    with pytest.raises(Invalid):
        payment.charge_back(amount, currency=currency)
    assert "payment.charged_back" not in payment.types


def test_of_an_order_that_was_not_captured_nothing_can_be_taken_back(payment: Payment) -> None:
    with pytest.raises(NotFound):
        payment.charge_back()
    payment.authorize()
    with pytest.raises(NotFound):
        payment.charge_back()


def test_what_was_taken_back_is_not_refunded_as_well(payment: Payment) -> None:
    shipped(payment)
    payment.charge_back("60.00")
    payment.take_back({"shp_1": "10.00"})
    assert payment.types[-1] == "payment.refund_failed"
    assert payment.events[-1][1]["decline_code"] == "amount_exceeds_captured"


def test_shows_in_the_list_and_in_the_control_totals(payment: Payment, clock) -> None:
    shipped(payment)
    payment.charge_back("75.50")
    assert report_control_totals(payment.db, clock()).totals["charged_back.USD"] == 7550
    shown = [item for item in list_payments(ORDER, payment.db).items if item.type == "chargeback"]
    assert [(item.amount.amount, item.status, item.decline_code) for item in shown] == [
        ("75.50", "charged_back", "not_received")
    ]
