"""Capturing: once per shipment, never more than was authorized, whatever crashes."""

from threading import Barrier, Thread

import pytest

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.gateway import GatewayTimeout
from functions.payment.outstanding import outstanding
from functions.payment.sandbox_payment import SandboxPayment
from functions.payment.settle_unknown import settle_unknown
from shared.errors import InProgress, Unavailable, Undeliverable
from tests.functions.payment.conftest import ORDER, Crash, Payment


def minors(payment: Payment) -> tuple[int, int, int]:
    """Captured and being captured here, captured at the gateway."""
    here = payment.db.get(Authorization, ORDER)
    there = payment.gateway._db.get(SandboxPayment, f"{ORDER}.authorize")
    assert here and there
    return here.captured_minor, here.capturing_minor, there.captured_minor


def test_captures_what_ships(payment: Payment, clock) -> None:
    held = payment.authorize()
    clock.advance(days=1)
    assert payment.capture("30.00").recorded
    assert payment.events[1:] == [
        (
            "payment.captured",
            {
                "order_id": ORDER,
                "shipment_id": "shp_1",
                "payment_id": held.payment_id,
                "amount": {"currency": "USD", "amount": "30.00"},
                "gateway": "sandbox",
            },
        )
    ]
    assert minors(payment) == (3000, 0, 3000)
    assert payment.db.get(Capture, "shp_1").captured_at == clock()


def test_the_same_shipment_again_is_acknowledged_without_effect(payment: Payment) -> None:
    payment.authorize()
    payment.capture("30.00")
    assert payment.capture("30.00").recorded
    assert (minors(payment), payment.gateway.asked.count("capture")) == ((3000, 0, 3000), 1)


def test_captures_several_shipments_up_to_the_whole(payment: Payment) -> None:
    payment.authorize()
    for number, amount in enumerate(["30.00", "69.99", "0.01"], 1):
        payment.capture(amount, f"shp_{number}")
    assert minors(payment) == (10000, 0, 10000)


def test_never_captures_more_than_authorized(payment: Payment) -> None:
    payment.authorize()
    payment.capture("99.99", "shp_1")
    with pytest.raises(Undeliverable) as refused:
        payment.capture("0.02", "shp_2")
    assert str(refused.value) == "shipment shp_2 is worth 0.02 USD; 0.01 of the authorization of ord_1 are left"
    assert (minors(payment), payment.db.get(Capture, "shp_2")) == ((9999, 0, 9999), None)


def test_what_is_being_captured_counts_as_captured(payment: Payment) -> None:
    payment.authorize()
    payment.gateway.before.add("capture")
    with pytest.raises(Crash):
        payment.capture("60.00", "shp_1")
    with pytest.raises(Undeliverable):
        payment.capture("60.00", "shp_2")
    assert minors(payment) == (0, 6000, 0)


def test_refuses_another_currency(payment: Payment) -> None:
    payment.authorize()
    with pytest.raises(Undeliverable):
        payment.capture("30.00", currency="EUR")


def test_of_an_order_that_was_never_asked_for_nothing_can_be_captured(payment: Payment) -> None:
    with pytest.raises(Undeliverable):
        payment.capture("30.00")
    assert payment.db.get(Capture, "shp_1") is None


def test_waits_for_an_authorization_whose_outcome_is_not_known_yet(payment: Payment) -> None:
    with pytest.raises(InProgress):
        payment.authorize("tok_timeout")
    with pytest.raises(Unavailable):
        payment.capture("30.00")
    assert payment.db.get(Capture, "shp_1") is None


def test_of_an_order_cancelled_before_it_was_authorized_nothing_can_be_captured(payment: Payment) -> None:
    payment.void()
    with pytest.raises(Undeliverable):
        payment.capture("30.00")


def test_a_capture_that_the_gateway_refuses_is_told(payment: Payment) -> None:
    payment.authorize("tok_capture_fails")
    assert payment.capture("30.00").recorded
    assert payment.types == ["payment.authorized", "payment.capture_failed"]
    assert payment.events[1][1]["decline_code"] == "capture_failed"
    assert minors(payment) == (0, 0, 0)


def test_after_a_void_the_gateway_refuses_and_the_shipment_is_owed(payment: Payment) -> None:
    payment.authorize()
    payment.void()
    payment.capture("30.00")
    assert payment.events[-1][0] == "payment.capture_failed"
    assert payment.events[-1][1]["decline_code"] == "authorization_voided"
    assert minors(payment) == (0, 0, 0)


@pytest.mark.parametrize("died", ["before", "after"])
@pytest.mark.parametrize("finishes", ["redelivery", "sweep"])
def test_a_crash_takes_nothing_twice(payment: Payment, died: str, finishes: str) -> None:
    payment.authorize()
    getattr(payment.gateway, died).add("capture")
    with pytest.raises(Crash):
        payment.capture("30.00")
    assert outstanding(payment.db)["unknown_captures"] == 1
    getattr(payment.gateway, died).clear()
    if finishes == "sweep":
        payment.run(settle_unknown)
    assert payment.capture("30.00").recorded
    assert minors(payment) == (3000, 0, 3000)
    assert payment.types == ["payment.authorized", "payment.captured"]
    assert outstanding(payment.db)["unknown_captures"] == 0


def test_shipments_at_once_never_take_more_than_authorized(payment: Payment) -> None:
    payment.authorize()
    start, refused = Barrier(6), []

    def ship(number: int) -> None:
        start.wait()
        try:
            payment.capture("30.00", f"shp_{number}")
        except Undeliverable:
            refused.append(number)

    threads = [Thread(target=ship, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3
    assert minors(payment) == (9000, 0, 9000)
    assert payment.types.count("payment.captured") == 3


def test_a_silent_gateway_makes_the_event_come_again(payment: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    payment.authorize()

    def silent(*_: object) -> None:
        raise GatewayTimeout

    with monkeypatch.context() as patched:
        patched.setattr(payment.gateway, "capture", silent)
        with pytest.raises(Unavailable):
            payment.capture("30.00")
    assert outstanding(payment.db)["unknown_captures"] == 1
    assert payment.capture("30.00").recorded
    assert minors(payment) == (3000, 0, 3000)
