"""Goods that came back: given back from the captures they were paid with, once, and never more than was captured."""

from itertools import permutations

import pytest

from functions.payment.capture import Capture
from functions.payment.gateway import GatewayTimeout
from functions.payment.list_payments import list_payments
from functions.payment.outstanding import outstanding
from functions.payment.refund import Refund
from functions.payment.renew_authorizations import renew_authorizations
from functions.payment.report_control_totals import report_control_totals
from functions.payment.retry_failed_refund import RetryFailedRefund, retry_failed_refund
from functions.payment.retry_refused import retry_refused
from functions.payment.sandbox_operation import SandboxOperation
from functions.payment.settle_unknown import settle_unknown
from shared.errors import NotFound, Unavailable, Undeliverable
from tests.functions.payment.conftest import ORDER, Crash, Payment


def shipped(payment: Payment, token: str = "tok_visa") -> None:
    """Two shipments, worth 60.00 (5.00 of it shipping) and 40.00."""
    payment.authorize(token)
    payment.capture("60.00", "shp_1")
    payment.capture("40.00", "shp_2")


def given_back(payment: Payment) -> dict[str, int]:
    """Minor units by shipment, as the gateway has them."""
    found = {key: payment.gateway._db.get(SandboxOperation, key) for key in ("shp_1", "shp_2")}
    return {key: each.refunded_minor for key, each in found.items() if each is not None}


def refund_of(payment: Payment, return_id: str = "ret_1") -> Refund:
    found = payment.db.get(Refund, return_id)
    assert found
    return found


def retry(payment: Payment, return_id: str = "ret_1"):
    return payment.run(lambda **ports: retry_failed_refund(return_id, RetryFailedRefund(), **ports))


def test_gives_back_what_came_back_from_the_capture_it_was_paid_with(payment: Payment) -> None:
    shipped(payment)
    assert payment.take_back({"shp_2": "12.34"}).recorded
    [(type_, data)] = payment.events[3:]
    assert type_ == "payment.refunded"
    assert data == {
        "order_id": ORDER,
        "return_id": "ret_1",
        "payment_id": data["payment_id"],
        "amount": {"currency": "USD", "amount": "12.34"},
        "gateway": "sandbox",
    }
    assert given_back(payment) == {"shp_1": 0, "shp_2": 1234}


def test_the_same_return_again_gives_nothing_back(payment: Payment) -> None:
    shipped(payment)
    for _ in range(2):
        assert payment.take_back({"shp_2": "12.34"}).recorded
    assert (given_back(payment)["shp_2"], payment.types.count("payment.refunded")) == (1234, 1)


def test_one_return_of_two_shipments_with_shipping(payment: Payment) -> None:
    shipped(payment)
    payment.take_back({"shp_1": "55.00", "shp_2": "40.00"}, shipping="5.00")
    assert given_back(payment) == {"shp_1": 6000, "shp_2": 4000}
    assert payment.events[-1][1]["amount"]["amount"] == "100.00"


def test_shipping_comes_from_another_shipment_if_its_own_has_no_more(payment: Payment) -> None:
    shipped(payment)
    payment.take_back({"shp_2": "40.00"}, shipping="5.00")
    assert given_back(payment) == {"shp_1": 500, "shp_2": 4000}


@pytest.mark.parametrize("order", list(permutations(["ret_1", "ret_2", "ret_3"])))
def test_returns_in_any_order_and_twice_give_back_all_and_no_more(payment: Payment, order: tuple[str, ...]) -> None:
    lines = {"ret_1": {"shp_1": "20.00"}, "ret_2": {"shp_1": "35.00", "shp_2": "10.00"}, "ret_3": {"shp_2": "30.00"}}
    shipped(payment)
    for return_id in (*order, *order):
        payment.take_back(lines[return_id], return_id=return_id)
    assert given_back(payment) == {"shp_1": 5500, "shp_2": 4000}
    assert payment.types.count("payment.refunded") == 3


def test_never_more_than_was_captured(payment: Payment) -> None:
    shipped(payment)
    payment.take_back({"shp_2": "30.00"}, return_id="ret_1")
    payment.take_back({"shp_2": "10.01"}, return_id="ret_2")
    assert payment.types[3:] == ["payment.refunded", "payment.refund_failed"]
    assert payment.events[-1][1]["decline_code"] == "amount_exceeds_captured"
    assert given_back(payment) == {"shp_1": 0, "shp_2": 3000}


def test_waits_for_a_shipment_that_is_not_heard_of_yet(payment: Payment) -> None:
    payment.authorize()
    with pytest.raises(Unavailable):
        payment.take_back({"shp_1": "10.00"})
    payment.gateway.before.add("capture")
    with pytest.raises(Crash):
        payment.capture("60.00")
    with pytest.raises(Unavailable):
        payment.take_back({"shp_1": "10.00"})
    assert payment.db.get(Refund, "ret_1") is None


def test_of_an_order_that_never_paid_nothing_is_refunded(payment: Payment) -> None:
    with pytest.raises(Undeliverable):
        payment.take_back({"shp_1": "10.00"})


def test_what_is_owed_is_not_given_back_before_it_is_paid(payment: Payment, clock) -> None:
    payment.authorize("tok_capture_fails_first")
    payment.capture("60.00")
    payment.take_back({"shp_1": "60.00"})
    assert payment.types[2:] == ["payment.refund_failed"]
    clock.advance(days=2)
    payment.run(retry_refused)
    assert payment.types[3:] == ["payment.captured", "payment.refunded"]


@pytest.mark.parametrize("died", ["before", "after"])
@pytest.mark.parametrize("finishes", ["redelivery", "sweep"])
def test_a_crash_gives_nothing_back_twice(payment: Payment, died: str, finishes: str) -> None:
    shipped(payment)
    getattr(payment.gateway, died).add("refund")
    with pytest.raises(Crash):
        payment.take_back({"shp_1": "55.00", "shp_2": "40.00"})
    assert outstanding(payment.db)["unknown_refunds"] == 1
    getattr(payment.gateway, died).clear()
    if finishes == "sweep":
        payment.run(settle_unknown)
    assert payment.take_back({"shp_1": "55.00", "shp_2": "40.00"}).recorded
    assert (given_back(payment), payment.types.count("payment.refunded")) == ({"shp_1": 5500, "shp_2": 4000}, 1)
    assert outstanding(payment.db)["unknown_refunds"] == 0


def test_a_silent_gateway_makes_the_event_come_again(payment: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped(payment)

    def silent(*_: object) -> None:
        raise GatewayTimeout

    with monkeypatch.context() as patched:
        patched.setattr(payment.gateway, "refund", silent)
        with pytest.raises(Unavailable):
            payment.take_back({"shp_1": "10.00"})
    assert payment.take_back({"shp_1": "10.00"}).recorded
    assert given_back(payment)["shp_1"] == 1000


def test_a_refusal_is_told_once_asked_again_and_then_owed(payment: Payment, clock) -> None:
    shipped(payment, "tok_refund_fails")
    payment.take_back({"shp_1": "10.00"})
    assert payment.types[3:] == ["payment.refund_failed"]
    assert payment.events[-1][1]["decline_code"] == "refund_failed"
    for _ in range(30 * 24):
        payment.run(retry_refused)
        payment.run(renew_authorizations)
        clock.advance(hours=1)
    assert (refund_of(payment).state, refund_of(payment).attempts) == ("owed", 4)
    assert payment.types[3:] == ["payment.refund_failed"]
    [item] = [item for item in list_payments(ORDER, payment.db).items if item.type == "refund"]
    assert (item.status, item.return_id, item.decline_code) == ("owed", "ret_1", "refund_failed")


def test_a_person_asks_again_for_what_is_owed_to_the_customer(
    payment: Payment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functions.payment import sandbox_operation

    shipped(payment, "tok_refund_fails")
    payment.take_back({"shp_1": "10.00"})
    with monkeypatch.context() as well_again:
        well_again.setitem(sandbox_operation.CARDS, "tok_refund_fails", sandbox_operation.CARDS["tok_visa"])
        assert retry(payment).status == "refunded"
    assert retry(payment).status == "refunded"
    assert (given_back(payment)["shp_1"], payment.types[4:]) == (1000, ["payment.refunded"])
    with pytest.raises(NotFound):
        retry(payment, "ret_9")


def test_of_a_refund_in_parts_only_what_was_refused_is_asked_again(
    payment: Payment, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from functions.payment.gateway import Outcome

    shipped(payment)
    refund = payment.gateway.refund

    def refuses_the_second(key, capture, *rest):
        return Outcome("declined", decline_code="refund_failed") if capture == "shp_2" else refund(key, capture, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(payment.gateway, "refund", refuses_the_second)
        payment.take_back({"shp_1": "55.00", "shp_2": "40.00"})
    assert (given_back(payment), payment.types[3:]) == ({"shp_1": 5500, "shp_2": 0}, ["payment.refund_failed"])
    clock.advance(days=1)
    payment.run(retry_refused)
    assert (given_back(payment), payment.types[4:]) == ({"shp_1": 5500, "shp_2": 4000}, ["payment.refunded"])
    assert payment.events[-1][1]["amount"]["amount"] == "95.00"


def test_pieces_that_cost_nothing_are_refunded_without_asking_the_gateway(payment: Payment) -> None:
    shipped(payment)
    payment.take_back({"shp_1": "0.00"})
    assert (payment.types[3:], "refund" in payment.gateway.asked) == (["payment.refunded"], False)


def test_what_was_captured_of_a_renewed_authorization_is_refunded_too(payment: Payment, clock) -> None:
    payment.authorize()
    payment.capture("60.00", "shp_1")
    clock.advance(days=7)
    payment.capture("40.00", "shp_2")
    payment.take_back({"shp_1": "60.00", "shp_2": "40.00"})
    assert given_back(payment) == {"shp_1": 6000, "shp_2": 4000}


def test_control_totals_count_what_was_given_back(payment: Payment, clock) -> None:
    shipped(payment)
    payment.take_back({"shp_1": "10.00"}, return_id="ret_1")
    payment.take_back({"shp_2": "5.50"}, return_id="ret_2")
    totals = report_control_totals(payment.db, clock()).totals
    assert (totals["refunded.count"], totals["refunded.USD"]) == (2, 1550)
    assert payment.db.get(Capture, "shp_1").refunded_minor == 1000
