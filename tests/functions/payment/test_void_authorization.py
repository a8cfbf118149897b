"""Voiding: what is released, what a void that comes early or in between does, and what a zombie can't do."""

import pytest

from functions.payment.authorization import Authorization
from functions.payment.list_payments import list_payments
from functions.payment.outstanding import outstanding
from functions.payment.sandbox_payment import SandboxPayment
from functions.payment.settle_unknown import settle_unknown
from functions.payment.void_abandoned import void_abandoned
from shared.errors import InProgress, PaymentDeclined, StepCancelled
from shared.events.order import OrderCancelled, OrderRejected
from tests.functions.payment.conftest import ORDER, Crash, Payment
from tests.receipts import Recorded


def document(payment: Payment) -> Authorization:
    found = payment.db.get(Authorization, ORDER)
    assert found is not None
    return found


def held_at_the_gateway(payment: Payment) -> int:
    found = payment.gateway._db.get(SandboxPayment, f"{ORDER}.authorize")
    return found.amount_minor if found and found.status == "authorized" and not found.voided_at else 0


def test_releases_what_was_authorized(payment: Payment, clock) -> None:
    payment.authorize()
    clock.advance(minutes=1)
    assert (payment.void(), payment.void()) == ("voided", "voided")
    assert payment.types == ["payment.authorized", "payment.voided"]
    assert payment.events[1][1]["amount"] == {"currency": "USD", "amount": "100.00"}
    assert (document(payment).voided_at, held_at_the_gateway(payment)) == (clock(), 0)


def test_releases_only_what_is_not_captured(payment: Payment) -> None:
    payment.authorize()
    payment.capture("30.00")
    payment.void()
    assert payment.events[-1] == (
        "payment.voided",
        {
            "order_id": ORDER,
            "payment_id": document(payment).payment_id,
            "amount": {"currency": "USD", "amount": "70.00"},
            "gateway": "sandbox",
        },
    )


def test_leaves_what_is_captured_whole(payment: Payment) -> None:
    payment.authorize()
    payment.capture("100.00")
    assert payment.void() == "voided"
    assert document(payment).state == "captured"
    assert payment.types == ["payment.authorized", "payment.captured"]


def test_a_void_that_comes_first_leaves_a_tombstone(payment: Payment) -> None:
    assert payment.void() == "voided"
    with pytest.raises(StepCancelled):
        payment.authorize()
    assert (payment.types, payment.gateway.asked) == ([], []), "the gateway was never asked"
    assert list_payments(ORDER, payment.db).items == []


def test_of_a_declined_card_there_is_nothing_to_void(payment: Payment) -> None:
    with pytest.raises(PaymentDeclined):
        payment.authorize("tok_declined")
    assert payment.void() == "voided"
    assert payment.types == ["payment.declined"]


def test_of_a_payment_that_requires_action_nothing_was_held(payment: Payment) -> None:
    payment.authorize("tok_3ds")
    assert payment.void() == "voided"
    assert (document(payment).state, payment.types) == ("cancelled", [])
    with pytest.raises(StepCancelled):
        payment.confirm()
    assert held_at_the_gateway(payment) == 0


def test_voiding_an_unknown_outcome_waits_for_it(payment: Payment, clock) -> None:
    with pytest.raises(InProgress):
        payment.authorize("tok_timeout")
    assert (payment.void(), payment.void()) == ("voiding", "voiding")
    with pytest.raises(StepCancelled):
        payment.authorize("tok_timeout")
    payment.run(settle_unknown)
    assert outstanding(payment.db)["unknown_voids"] == 1
    clock.advance(seconds=3)
    payment.run(settle_unknown)
    assert (document(payment).state, held_at_the_gateway(payment)) == ("cancelled", 0)
    assert payment.types == [], "nobody had been told that anything was held"
    assert sum(outstanding(payment.db).values()) == 0


def test_a_zombie_that_authorizes_after_the_void_changes_nothing(payment: Payment) -> None:
    payment.gateway.before.add("authorize")
    with pytest.raises(Crash):
        payment.authorize()
    payment.gateway.before.clear()
    assert payment.void() == "voided"
    late = payment.gateway.authorize(f"{ORDER}.authorize", "tok_visa", document(payment).amount, payment.clock())
    assert (late.status, late.decline_code) == ("declined", "authorization_voided")
    assert (document(payment).state, payment.types) == ("cancelled", [])


def test_a_late_success_does_not_resurrect_a_void_that_came_between(payment: Payment) -> None:
    payment.gateway.meanwhile = payment.void  # the gateway has authorized, its answer is on the way
    with pytest.raises(StepCancelled):
        payment.authorize()
    assert (document(payment).state, held_at_the_gateway(payment), payment.types) == ("cancelled", 0, [])


@pytest.mark.parametrize("died", ["before", "after"])
def test_the_sweep_finishes_a_void_that_a_crash_left(payment: Payment, died: str) -> None:
    payment.authorize()
    getattr(payment.gateway, died).add("void")
    with pytest.raises(Crash):
        payment.void()
    assert document(payment).state == "voiding"
    getattr(payment.gateway, died).clear()
    payment.run(settle_unknown)
    assert (document(payment).state, document(payment).voided_minor) == ("voided", 10000)
    assert payment.types == ["payment.authorized", "payment.voided"]
    assert held_at_the_gateway(payment) == 0


@pytest.mark.parametrize("kind", [OrderRejected, OrderCancelled])
def test_abandoned_orders_are_voided(payment: Payment, kind) -> None:
    payment.authorize()
    receipt = Recorded()
    event = kind(order_id=ORDER, by="operator", reason="fraud")
    payment.run(lambda **ports: void_abandoned(event, receipt=receipt, **ports))
    assert receipt.recorded
    assert (document(payment).state, document(payment).void_reason) == ("voided", "fraud")


def test_an_abandoned_order_without_payment_leaves_a_tombstone(payment: Payment) -> None:
    receipt = Recorded()
    event = OrderCancelled(order_id=ORDER, by="operator", reason="changed my mind")
    payment.run(lambda **ports: void_abandoned(event, receipt=receipt, **ports))
    assert receipt.recorded
    assert (document(payment).state, payment.types) == ("cancelled", [])
