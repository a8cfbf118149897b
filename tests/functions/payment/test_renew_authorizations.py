"""An authorization lasts seven days: what is still to be captured then is held again, or told to be lost."""

from datetime import timedelta

import pytest

from functions.payment.authorization import Authorization
from functions.payment.capture import Capture
from functions.payment.gateway import Capabilities, GatewayTimeout
from functions.payment.outstanding import outstanding
from functions.payment.renew_authorizations import renew_authorizations
from functions.payment.report_control_totals import report_control_totals
from functions.payment.sandbox_payment import LIFETIME, SandboxPayment
from functions.payment.settle_unknown import settle_unknown
from shared.errors import Unavailable
from tests.functions.payment.conftest import ORDER, Crash, Payment


def document(payment: Payment) -> Authorization:
    found = payment.db.get(Authorization, ORDER)
    assert found
    return found


def held(payment: Payment, key: str) -> int:
    """Minor units that the gateway holds under a key."""
    found = payment.gateway._db.get(SandboxPayment, key)
    gone = found is None or found.voided_at or found.status != "authorized" or payment.clock() >= found.expires_at
    return 0 if gone or found is None else found.amount_minor - found.captured_minor


@pytest.fixture
def cannot_renew(payment: Payment) -> Payment:
    payment.gateway.capabilities = Capabilities(  # type: ignore[misc]
        several_captures=True, authorization_lifetime=LIFETIME, reauthorization=False
    )
    return payment


def test_what_is_still_to_be_captured_is_held_again_a_day_before_it_runs_out(payment: Payment, clock) -> None:
    first = payment.authorize()
    payment.capture("30.00")
    payment.reduce("10.00")
    clock.advance(days=6, hours=-1)
    payment.run(renew_authorizations)
    assert "reauthorize" not in payment.gateway.asked
    clock.advance(hours=1)
    payment.run(renew_authorizations)
    payment.run(renew_authorizations)
    assert payment.gateway.asked.count("reauthorize") == 1
    assert payment.events[2:] == [
        (
            "payment.reauthorized",
            {
                "order_id": ORDER,
                "payment_id": document(payment).payment_id,
                "amount": {"currency": "USD", "amount": "60.00"},
                "gateway": "sandbox",
                "expires_at": "2026-12-03T08:00:00.000000Z",
            },
        )
    ]
    assert document(payment).payment_id != first.payment_id
    assert (held(payment, f"{ORDER}.authorize"), held(payment, f"{ORDER}.authorize.2")) == (0, 6000)


def test_captures_go_on_from_what_is_held_again(payment: Payment, clock) -> None:
    payment.authorize()
    clock.advance(days=6)
    payment.run(renew_authorizations)
    clock.advance(days=6)
    payment.capture("99.00", "shp_1")
    payment.capture("1.00", "shp_2")
    assert payment.types == ["payment.authorized", "payment.reauthorized", "payment.captured", "payment.captured"]
    assert payment.events[-1][1]["payment_id"] == document(payment).payment_id
    assert held(payment, f"{ORDER}.authorize.2") == 0


def test_a_void_releases_what_is_held_again(payment: Payment, clock) -> None:
    payment.authorize()
    clock.advance(days=6)
    payment.run(renew_authorizations)
    payment.cancel()
    assert payment.events[-1][1]["amount"] == {"currency": "USD", "amount": "100.00"}
    assert (document(payment).state, held(payment, f"{ORDER}.authorize.2")) == ("voided", 0)


@pytest.mark.parametrize("end", ["captured", "voided", "requires_action"])
def test_what_owes_no_capture_is_not_held_again(payment: Payment, clock, end: str) -> None:
    payment.authorize("tok_3ds" if end == "requires_action" else "tok_visa")
    if end == "captured":
        payment.capture("100.00")
    elif end == "voided":
        payment.void()
    clock.advance(days=8)
    before = payment.types
    payment.run(renew_authorizations)
    assert (document(payment).state, payment.types) == (end, before)


def test_what_the_gateway_cannot_hold_again_is_told_once_when_it_has_run_out(cannot_renew: Payment, clock) -> None:
    cannot_renew.authorize()
    cannot_renew.capture("30.00")
    clock.advance(days=7, seconds=-1)
    cannot_renew.run(renew_authorizations)
    assert cannot_renew.types == ["payment.authorized", "payment.captured"]
    clock.advance(seconds=1)
    for _ in range(2):
        cannot_renew.run(renew_authorizations)
    [(type_, data)] = cannot_renew.events[2:]
    assert (type_, data["amount"]) == ("payment.expired", {"currency": "USD", "amount": "70.00"})
    assert document(cannot_renew).state == "expired"
    assert report_control_totals(cannot_renew.db, clock()).totals["expired.USD"] == 7000


def test_a_refusal_is_told_when_it_has_run_out_and_not_asked_again_before(payment: Payment, clock) -> None:
    payment.authorize("tok_reauthorization_fails")
    clock.advance(days=6)
    for _ in range(23):
        payment.run(renew_authorizations)
        clock.advance(hours=1)
    assert (payment.gateway.asked.count("reauthorize"), payment.types) == (1, ["payment.authorized"])
    assert held(payment, f"{ORDER}.authorize") == 10000, "what is held stays held until it runs out"
    clock.advance(hours=1)
    payment.run(renew_authorizations)
    assert payment.types == ["payment.authorized", "payment.expired"]


def test_a_capture_that_comes_too_late_is_authorized_again_first(payment: Payment, clock) -> None:
    payment.authorize()
    clock.advance(days=7)
    assert payment.capture("30.00").recorded
    assert payment.types == ["payment.authorized", "payment.reauthorized", "payment.captured"]
    assert payment.events[1][1]["amount"] == {"currency": "USD", "amount": "100.00"}
    assert held(payment, f"{ORDER}.authorize.2") == 7000


def test_a_capture_that_comes_too_late_fails_if_the_gateway_cannot(cannot_renew: Payment, clock) -> None:
    cannot_renew.authorize()
    clock.advance(days=7)
    assert cannot_renew.capture("30.00").recorded
    assert cannot_renew.types == ["payment.authorized", "payment.capture_failed"]
    assert cannot_renew.events[-1][1]["decline_code"] == "authorization_expired"


def test_a_capture_that_comes_too_late_fails_if_the_gateway_refuses(payment: Payment, clock) -> None:
    payment.authorize("tok_reauthorization_fails")
    clock.advance(days=7)
    payment.capture("30.00")
    assert payment.types == ["payment.authorized", "payment.expired", "payment.capture_failed"]
    assert payment.events[-1][1]["decline_code"] == "authorization_expired"


def test_a_capture_under_way_is_waited_for(payment: Payment, clock) -> None:
    payment.authorize()
    payment.gateway.before.add("capture")
    with pytest.raises(Crash):
        payment.capture("30.00")
    clock.advance(days=6, hours=1)
    payment.run(renew_authorizations)
    assert "reauthorize" not in payment.gateway.asked
    payment.gateway.before.clear()
    payment.run(settle_unknown)
    payment.run(renew_authorizations)
    assert payment.events[-1][1]["amount"] == {"currency": "USD", "amount": "70.00"}


@pytest.mark.parametrize("what", ["reauthorize", "void"])
@pytest.mark.parametrize("died", ["before", "after"])
def test_the_sweep_finishes_a_renewal_that_a_crash_left(payment: Payment, clock, what: str, died: str) -> None:
    payment.authorize()
    clock.advance(days=6)
    getattr(payment.gateway, died).add(what)
    with pytest.raises(Crash):
        payment.run(renew_authorizations)
    assert outstanding(payment.db)["unknown_renewals"] == 1
    for wait in (payment.cancel, lambda: payment.capture("1.00"), lambda: payment.reduce("1.00")):
        with pytest.raises(Unavailable):
            wait()
    getattr(payment.gateway, died).clear()
    payment.run(settle_unknown)
    assert payment.types == ["payment.authorized", "payment.reauthorized"]
    assert (held(payment, f"{ORDER}.authorize"), held(payment, f"{ORDER}.authorize.2")) == (0, 10000)
    assert payment.gateway._db.get(SandboxPayment, f"{ORDER}.authorize.3") is None
    assert payment.capture("1.00").recorded


def test_a_silent_gateway_keeps_no_other_waiting(payment: Payment, clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for order_id in ("ord_1", "ord_2"):
        payment.authorize(order_id=order_id)
    clock.advance(days=6)
    reauthorize = payment.gateway.reauthorize

    def silent_on_the_first(key, *rest):
        if key.startswith("ord_1."):
            raise GatewayTimeout
        return reauthorize(key, *rest)

    monkeypatch.setattr(payment.gateway, "reauthorize", silent_on_the_first)
    payment.run(renew_authorizations)
    states = [payment.db.get(Authorization, order_id).state for order_id in ("ord_1", "ord_2")]
    assert (states, payment.types[2:]) == (["renewing", "authorized"], ["payment.reauthorized"])


def test_captures_tell_of_which_authorization_they_were_taken(payment: Payment, clock) -> None:
    payment.authorize()
    payment.capture("30.00", "shp_1")
    clock.advance(days=6, hours=12)
    payment.run(renew_authorizations)
    payment.capture("30.00", "shp_2")
    keys = [payment.db.get(Capture, shipment).authorization_key for shipment in ("shp_1", "shp_2")]
    assert keys == [f"{ORDER}.authorize", f"{ORDER}.authorize.2"]
    assert clock() - document(payment).asked_at == timedelta(0)
