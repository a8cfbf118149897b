"""What the gateway refuses after the goods have left: asked again after 1, 3 and 7 days, then a person's turn."""

from datetime import timedelta

import pytest

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.gateway import GatewayTimeout
from functions.payment.list_payments import list_payments
from functions.payment.outstanding import outstanding
from functions.payment.renew_authorizations import renew_authorizations
from functions.payment.retry_failed_capture import RetryFailedCapture, retry_failed_capture
from functions.payment.retry_refused import retry_refused
from functions.payment.sandbox_payment import SandboxPayment
from functions.payment.settle_unknown import settle_unknown
from shared.errors import InProgress, NotFound
from tests.functions.payment.conftest import ORDER, Crash, Payment

HOUR = timedelta(hours=1)


def capture_of(payment: Payment, shipment: str = "shp_1") -> Capture:
    found = payment.db.get(Capture, shipment)
    assert found
    return found


def retry(payment: Payment, shipment: str = "shp_1"):
    return payment.run(lambda **ports: retry_failed_capture(shipment, RetryFailedCapture(), **ports))


def days_pass(payment: Payment, clock, days: int) -> list[float]:
    """Run the schedules every hour for so many days; returns after how many days a capture was asked for."""
    start, asked = clock(), []
    for _ in range(days * 24):
        before = payment.gateway.asked.count("capture")
        payment.run(renew_authorizations)
        payment.run(retry_refused)
        payment.run(settle_unknown)
        asked += [(clock() - start) / timedelta(days=1)] * (payment.gateway.asked.count("capture") - before)
        clock.advance(hours=1)
    return asked


def test_asks_again_after_1_3_and_7_days_and_then_no_more(payment: Payment, clock) -> None:
    payment.authorize("tok_capture_fails")
    payment.capture("30.00")
    assert days_pass(payment, clock, 30) == [1, 1 + 3, 1 + 3 + 7]
    assert (capture_of(payment).state, capture_of(payment).attempts) == ("owed", 4)
    assert payment.types.count("payment.capture_failed") == 1, "it is told once"
    assert outstanding(payment.db)["unknown_captures"] == 0


def test_a_card_that_recovers_is_captured_and_told(payment: Payment, clock) -> None:
    payment.authorize("tok_capture_fails_first")
    payment.capture("30.00")
    days_pass(payment, clock, 5)
    assert payment.types == ["payment.authorized", "payment.capture_failed", "payment.captured"]
    assert payment.events[-1][1]["amount"] == {"currency": "USD", "amount": "30.00"}
    held = payment.db.get(Authorization, ORDER)
    assert (held.captured_minor, held.capturing_minor, held.left) == (3000, 0, 7000)
    assert payment.gateway._db.get(SandboxPayment, f"{ORDER}.authorize").captured_minor == 3000


def test_the_list_shows_when_it_is_asked_again_and_then_that_it_is_owed(payment: Payment, clock) -> None:
    payment.authorize("tok_capture_fails")
    payment.capture("30.00")
    item = list_payments(ORDER, payment.db).items[1]
    assert (item.status, item.decline_code, item.retry_at) == ("failed", "capture_failed", clock() + timedelta(days=1))
    days_pass(payment, clock, 12)
    item = list_payments(ORDER, payment.db).items[1]
    assert (item.status, item.decline_code, item.retry_at) == ("owed", "capture_failed", None)


def test_a_person_asks_again_for_what_is_owed(payment: Payment, clock) -> None:
    payment.authorize("tok_capture_fails_first")
    payment.capture("30.00")
    answer = retry(payment)
    assert (answer.status, answer.retry_at) == ("failed", clock() + timedelta(days=3))
    clock.advance(days=2)
    assert (retry(payment).status, payment.types[-1]) == ("captured", "payment.captured")
    assert retry(payment).status == "captured"
    assert payment.gateway.asked.count("capture") == 3, "what is captured is not asked for"


def test_nothing_is_known_of_a_shipment_that_never_left(payment: Payment) -> None:
    with pytest.raises(NotFound):
        retry(payment)


@pytest.mark.parametrize("died", ["before", "after"])
def test_a_crash_while_asking_again_takes_nothing_twice(payment: Payment, clock, died: str) -> None:
    payment.authorize("tok_capture_fails_first")
    payment.capture("30.00")
    clock.advance(days=2)
    getattr(payment.gateway, died).add("capture")
    with pytest.raises(Crash):
        payment.run(retry_refused)
    assert capture_of(payment).state == "capturing"
    getattr(payment.gateway, died).clear()
    payment.run(settle_unknown)
    payment.run(retry_refused)
    assert payment.gateway._db.get(SandboxPayment, f"{ORDER}.authorize").captured_minor == 3000
    assert payment.types.count("payment.captured") == 1


def test_a_silent_gateway_leaves_it_to_the_sweep(payment: Payment, clock, monkeypatch: pytest.MonkeyPatch) -> None:
    payment.authorize("tok_capture_fails_first")
    payment.capture("30.00")
    clock.advance(days=2)

    def silent(*_: object) -> None:
        raise GatewayTimeout

    with monkeypatch.context() as patched:
        patched.setattr(payment.gateway, "capture", silent)
        with pytest.raises(InProgress):
            retry(payment)
    assert outstanding(payment.db)["unknown_captures"] == 1
    payment.run(settle_unknown)
    assert capture_of(payment).state == "captured"


def test_what_ran_out_meanwhile_is_authorized_again_first(payment: Payment, clock) -> None:
    payment.authorize("tok_capture_fails_first")
    payment.capture("30.00")
    clock.advance(days=8)
    payment.run(retry_refused)
    assert payment.types[2:] == ["payment.reauthorized"], "the sandbox's card refuses for two days from then"
    clock.advance(days=3)
    payment.run(retry_refused)
    assert payment.types[3:] == ["payment.captured"]


def test_nothing_is_released_while_something_is_owed(payment: Payment) -> None:
    payment.authorize("tok_capture_fails")
    payment.capture("80.00")
    payment.reduce("20.00")
    assert payment.db.get(Authorization, ORDER).state == "authorized"
    assert "void" not in payment.gateway.asked
