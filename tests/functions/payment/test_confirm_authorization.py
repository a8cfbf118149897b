"""3-D Secure: the customer has authenticated."""

import pytest

from shared.errors import InProgress, NotFound, PaymentDeclined, StepCancelled
from tests.functions.payment.conftest import Crash, Payment


def test_finishes_an_authorization_that_required_action(payment: Payment, clock) -> None:
    asked = payment.authorize("tok_3ds")
    clock.advance(minutes=5)
    answer = payment.confirm()
    assert (answer.status, answer.payment_id, answer.next_action) == ("authorized", asked.payment_id, None)
    assert (answer.expires_at - clock()).days == 7
    assert payment.types == ["payment.authorized"]


def test_a_repeat_answers_the_same(payment: Payment) -> None:
    payment.authorize("tok_3ds")
    assert payment.confirm() == payment.confirm()
    assert payment.authorize("tok_3ds").status == "authorized"
    assert payment.types == ["payment.authorized"]


@pytest.mark.parametrize("died", ["before", "after"])
def test_a_repeat_finishes_what_a_crash_left(payment: Payment, died: str) -> None:
    payment.authorize("tok_3ds")
    getattr(payment.gateway, died).add("confirm")
    with pytest.raises(Crash):
        payment.confirm()
    getattr(payment.gateway, died).clear()
    assert payment.confirm().status == "authorized"
    assert payment.types == ["payment.authorized"]


def test_says_how_else_it_ended(payment: Payment) -> None:
    with pytest.raises(NotFound):
        payment.confirm()
    with pytest.raises(PaymentDeclined):
        payment.authorize("tok_declined")
    with pytest.raises(PaymentDeclined):
        payment.confirm()
    with pytest.raises(InProgress):
        payment.authorize("tok_timeout", order_id="ord_2")
    with pytest.raises(InProgress):
        payment.confirm("ord_2")
    payment.void("ord_3")
    with pytest.raises(StepCancelled):
        payment.confirm("ord_3")
