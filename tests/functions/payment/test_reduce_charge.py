"""Pieces that will not leave: never captured, and released once all that leaves is captured, in whatever order."""

from itertools import permutations

import pytest

from functions.payment.authorization import Authorization
from functions.payment.list_payments import list_payments
from functions.payment.sandbox_payment import SandboxPayment
from functions.payment.settle_unknown import settle_unknown
from shared.errors import InProgress, Unavailable, Undeliverable
from tests.functions.payment.conftest import ORDER, Crash, Payment

OF_100 = {
    "shp_1 of 30.00 leaves": lambda payment: payment.capture("30.00", "shp_1"),
    "shp_2 of 45.00 leaves": lambda payment: payment.capture("45.00", "shp_2"),
    "red_1 of 20.00 does not": lambda payment: payment.reduce("20.00", "red_1"),
    "red_2 of 5.00 does not": lambda payment: payment.reduce("5.00", "red_2"),
}
EVENTS = ["payment.authorized", "payment.captured", "payment.captured", "payment.voided"]


def document(payment: Payment) -> Authorization:
    found = payment.db.get(Authorization, ORDER)
    assert found
    return found


def held_at_the_gateway(payment: Payment) -> int:
    found = payment.gateway._db.get(SandboxPayment, f"{ORDER}.authorize")
    assert found
    return 0 if found.voided_at else found.amount_minor - found.captured_minor


@pytest.mark.parametrize("order", list(permutations(OF_100)), ids=" / ".join)
def test_in_any_order_and_twice_75_are_captured_and_25_released(payment: Payment, order: tuple[str, ...]) -> None:
    payment.authorize()
    for occurrence in (*order, *reversed(order)):
        assert OF_100[occurrence](payment).recorded
    held = document(payment)
    assert (held.state, held.captured_minor, held.reduced_minor, held.voided_minor) == ("voided", 7500, 2500, 2500)
    assert (held_at_the_gateway(payment), payment.types) == (0, EVENTS)
    assert payment.events[-1][1]["amount"] == {"currency": "USD", "amount": "25.00"}
    assert payment.gateway.asked.count("void") == 1


@pytest.mark.parametrize("order", list(permutations(["red_1", "red_2", "cancel", "cancel"])))
def test_reductions_and_then_the_cancelling_of_all_release_the_whole(payment: Payment, order: tuple[str, ...]) -> None:
    payment.authorize()
    for occurrence in order:
        assert (payment.cancel() if occurrence == "cancel" else payment.reduce("20.00", occurrence)).recorded
    held = document(payment)
    assert (held.state, held.captured_minor, held.voided_minor) == ("voided", 0, 10000)
    assert (held_at_the_gateway(payment), payment.types) == (0, ["payment.authorized", "payment.voided"])


def test_nothing_is_released_while_something_may_still_leave(payment: Payment) -> None:
    payment.authorize()
    payment.reduce("20.00")
    payment.capture("30.00")
    assert (document(payment).state, held_at_the_gateway(payment)) == ("authorized", 7000)
    assert payment.types == ["payment.authorized", "payment.captured"]


def test_a_capture_under_way_is_not_released_with_the_rest(payment: Payment) -> None:
    payment.authorize()
    payment.gateway.before.add("capture")
    with pytest.raises(Crash):
        payment.capture("80.00")
    payment.reduce("20.00")
    assert ("void" in payment.gateway.asked, document(payment).state) == (False, "authorized")
    payment.gateway.before.clear()
    payment.run(settle_unknown)
    assert payment.types == ["payment.authorized", "payment.captured", "payment.voided"]
    assert (document(payment).captured_minor, document(payment).voided_minor) == (8000, 2000)


@pytest.mark.parametrize("died", ["before", "after"])
def test_the_sweep_releases_what_a_crash_left(payment: Payment, died: str) -> None:
    payment.authorize()
    payment.capture("80.00")
    getattr(payment.gateway, died).add("void")
    with pytest.raises(Crash):
        payment.reduce("20.00")
    assert document(payment).state == "voiding"
    getattr(payment.gateway, died).clear()
    payment.run(settle_unknown)
    assert payment.types == ["payment.authorized", "payment.captured", "payment.voided"]
    assert (document(payment).voided_minor, held_at_the_gateway(payment)) == (2000, 0)


def test_what_is_captured_cannot_be_reduced_nor_what_is_reduced_captured(payment: Payment) -> None:
    payment.authorize()
    payment.capture("80.00")
    with pytest.raises(Undeliverable) as refused:
        payment.reduce("20.01")
    assert str(refused.value) == "red_1 is worth 20.01 USD; 20.00 of the authorization of ord_1 are left"
    payment.reduce("15.00")
    with pytest.raises(Undeliverable):
        payment.capture("5.01", "shp_2")
    assert payment.capture("5.00", "shp_2").recorded


def test_refuses_another_currency(payment: Payment) -> None:
    payment.authorize()
    with pytest.raises(Undeliverable):
        payment.reduce("20.00", currency="EUR")


def test_of_an_order_that_was_never_asked_for_nothing_can_be_reduced(payment: Payment) -> None:
    with pytest.raises(Undeliverable):
        payment.reduce("20.00")


def test_waits_for_an_authorization_whose_outcome_is_not_known_yet(payment: Payment) -> None:
    with pytest.raises(InProgress):
        payment.authorize("tok_timeout")
    with pytest.raises(Unavailable):
        payment.reduce("20.00")


def test_pieces_that_cost_nothing_release_nothing(payment: Payment) -> None:
    payment.authorize()
    payment.reduce("0.00")
    payment.capture("100.00")
    assert payment.types == ["payment.authorized", "payment.captured"]
    assert document(payment).state == "captured"


def test_the_list_shows_what_was_taken_and_what_was_released(payment: Payment) -> None:
    payment.authorize()
    payment.reduce("20.00")
    payment.capture("80.00")
    shown = [(item.type, item.amount.amount) for item in list_payments(ORDER, payment.db).items]
    assert sorted(shown) == [("authorization", "100.00"), ("capture", "80.00"), ("void", "20.00")]
