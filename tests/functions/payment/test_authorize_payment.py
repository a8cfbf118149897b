"""Authorizing: what each token does, what a repeat does, and what a crash between two steps leaves."""

from threading import Barrier, Thread

import pytest

from functions.payment.authorization import Authorization
from functions.payment.gateway import GatewayTimeout
from functions.payment.outstanding import outstanding
from functions.payment.settle_unknown import settle_unknown
from shared.errors import CardNumberRefused, InProgress, Invalid, PaymentDeclined, PaymentUnavailable, StepCancelled
from shared.values.money import Money
from tests.functions.payment.conftest import ORDER, Crash, Payment

NOTHING_OPEN = dict.fromkeys(
    ("unknown_authorizations", "unknown_voids", "unknown_captures", "unknown_renewals", "unknown_refunds"), 0
)


def state(payment: Payment, order_id: str = ORDER) -> str:
    found = payment.db.get(Authorization, order_id)
    return found.state if found else "unknown"


@pytest.mark.parametrize("token", ["tok_visa", "tok_mastercard", "tok_capture_fails"])
def test_authorizes(payment: Payment, token: str) -> None:
    answer = payment.authorize(token)
    assert (answer.status, answer.amount, answer.next_action) == ("authorized", Money("USD", 10000), None)
    assert answer.payment_id.startswith("pay_")
    assert (answer.expires_at - payment.clock()).days == 7
    [(type_, data)] = payment.events
    assert type_ == "payment.authorized"
    assert data == {
        "order_id": ORDER,
        "payment_id": answer.payment_id,
        "amount": {"currency": "USD", "amount": "100.00"},
        "gateway": "sandbox",
        "expires_at": "2026-11-27T08:00:00.000000Z",
    }


@pytest.mark.parametrize(
    ("token", "checks"),
    [
        ("tok_visa", (None, None)),
        ("tok_avs_mismatch", ("mismatch", "match")),
        ("tok_cvc_mismatch", ("match", "mismatch")),
    ],
)
def test_holds_the_money_and_tells_what_the_issuer_says(payment: Payment, token: str, checks: tuple) -> None:
    for _ in range(2):
        answer = payment.authorize(token)
        assert (answer.status, (answer.avs, answer.cvc)) == ("authorized", checks)
    assert payment.types == ["payment.authorized"]


def test_a_repeat_gives_the_same_answer_and_does_nothing(payment: Payment) -> None:
    assert payment.authorize() == payment.authorize()
    assert payment.types == ["payment.authorized"]
    assert payment.gateway.asked == ["authorize"]


def test_takes_two_commits_here_and_one_at_the_gateway(payment: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    payment.authorize(order_id="ord_0")  # makes the tables
    commits = []
    for name, db in (("payment", payment.db), ("gateway", payment.gateway._db)):
        write = db.file.write
        monkeypatch.setattr(
            db.file, "write", lambda apply, name=name, write=write: (commits.append(name), write(apply))[1]
        )
    payment.authorize()
    assert commits == ["payment", "gateway", "payment"]


@pytest.mark.parametrize(
    ("token", "decline_code"),
    [
        ("tok_declined", "generic_decline"),
        ("tok_insufficient_funds", "insufficient_funds"),
        ("tok_expired", "expired_card"),
    ],
)
def test_declines_and_says_so_again(payment: Payment, token: str, decline_code: str) -> None:
    for _ in range(2):
        with pytest.raises(PaymentDeclined) as refused:
            payment.authorize(token)
        assert refused.value.extra == {"decline_code": decline_code}
    assert payment.types == ["payment.declined"]
    assert payment.events[0][1]["decline_code"] == decline_code
    assert payment.gateway.asked == ["authorize"]


def test_an_unavailable_gateway_holds_nothing_and_the_order_may_try_again(payment: Payment) -> None:
    with pytest.raises(PaymentUnavailable):
        payment.authorize("tok_processing_error")
    assert (state(payment), payment.events, outstanding(payment.db)) == ("open", [], NOTHING_OPEN)
    assert payment.authorize("tok_visa").status == "authorized"


def test_an_unavailable_gateway_leaves_an_order_that_can_be_voided(payment: Payment) -> None:
    with pytest.raises(PaymentUnavailable):
        payment.authorize("tok_processing_error")
    assert payment.void() == "voided"
    assert (state(payment), payment.events) == ("cancelled", [])
    with pytest.raises(StepCancelled):
        payment.authorize("tok_visa")


def test_a_timeout_is_in_progress_until_the_outcome_is_known(payment: Payment, clock) -> None:
    with pytest.raises(InProgress) as waiting:
        payment.authorize("tok_timeout")
    assert waiting.value.retry_after == 3
    assert outstanding(payment.db)["unknown_authorizations"] == 1
    clock.advance(seconds=2)
    with pytest.raises(InProgress):
        payment.authorize("tok_timeout")
    clock.advance(seconds=1)
    assert payment.authorize("tok_timeout").status == "authorized"
    assert payment.types == ["payment.authorized"]
    assert payment.gateway.asked == ["authorize", "outcome", "outcome"], "never authorized a second time"
    assert outstanding(payment.db) == NOTHING_OPEN


def test_the_sweep_settles_a_timeout(payment: Payment, clock) -> None:
    with pytest.raises(InProgress):
        payment.authorize("tok_timeout")
    payment.run(settle_unknown)
    assert (state(payment), payment.types) == ("asking", [])
    clock.advance(seconds=3)
    payment.run(settle_unknown)
    payment.run(settle_unknown)
    assert (state(payment), payment.types) == ("authorized", ["payment.authorized"])


def test_3d_secure_waits_for_the_customer(payment: Payment) -> None:
    answer = payment.authorize("tok_3ds")
    assert answer.status == "requires_action"
    assert answer.next_action.model_dump() == {
        "type": "redirect",
        "url": f"https://gateway.example/3ds/{answer.payment_id}",
    }
    assert payment.authorize("tok_3ds") == answer
    assert payment.types == []
    assert outstanding(payment.db) == NOTHING_OPEN, "a person is waited for"


def test_refuses_a_card_number_without_repeating_it(payment: Payment) -> None:
    with pytest.raises(CardNumberRefused) as refused:
        payment.authorize("4242 4242 4242 4242")
    assert "4242" not in f"{refused.value} {refused.value.extra}"
    assert (state(payment), payment.gateway.asked) == ("unknown", [])


def test_refuses_an_unknown_token_and_holds_nothing(payment: Payment) -> None:
    with pytest.raises(Invalid):
        payment.authorize("tok_forged")
    assert (state(payment), payment.events) == ("open", [])


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_refuses_to_hold_nothing(payment: Payment, amount: str) -> None:
    with pytest.raises(Invalid):
        payment.authorize(amount=amount)
    assert state(payment) == "unknown"


def test_refuses_another_amount_for_the_same_order(payment: Payment) -> None:
    payment.authorize(amount="100.00")
    with pytest.raises(Invalid):
        payment.authorize(amount="100.01")


@pytest.mark.parametrize("died", ["before", "after"])
def test_a_repeat_finishes_what_a_crash_left(payment: Payment, died: str) -> None:
    getattr(payment.gateway, died).add("authorize")
    with pytest.raises(Crash):
        payment.authorize()
    assert (state(payment), payment.types) == ("asking", [])
    getattr(payment.gateway, died).clear()
    assert payment.authorize().status == "authorized"
    assert payment.types == ["payment.authorized"]


def test_the_sweep_finishes_what_a_crash_left_at_the_gateway(payment: Payment) -> None:
    payment.gateway.after.add("authorize")
    with pytest.raises(Crash):
        payment.authorize()
    payment.run(settle_unknown)
    assert (state(payment), payment.types) == ("authorized", ["payment.authorized"])


def test_the_sweep_reopens_what_never_reached_the_gateway(payment: Payment, clock) -> None:
    payment.gateway.before.add("authorize")
    with pytest.raises(Crash):
        payment.authorize()
    payment.run(settle_unknown)
    assert state(payment) == "asking", "a living process may be about to ask"
    clock.advance(seconds=61)
    payment.run(settle_unknown)
    assert (state(payment), payment.types, outstanding(payment.db)) == ("open", [], NOTHING_OPEN)


def test_the_sweep_settles_a_decline(payment: Payment) -> None:
    payment.gateway.after.add("authorize")
    with pytest.raises(Crash):
        payment.authorize("tok_declined")
    payment.run(settle_unknown)
    assert (state(payment), payment.types) == ("declined", ["payment.declined"])


def test_many_at_once_hold_one_amount_and_answer_alike(payment: Payment) -> None:
    start, answers = Barrier(8), []

    def ask() -> None:
        start.wait()
        answers.append(payment.authorize())

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert len({answer.payment_id for answer in answers}) == 1
    assert payment.types == ["payment.authorized"]


def test_one_that_stays_unknown_keeps_no_other_waiting(payment: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    payment.gateway.after.add("authorize")
    for order_id in ("ord_1", "ord_2"):
        with pytest.raises(Crash):
            payment.authorize(order_id=order_id)
    outcome = payment.gateway.outcome

    def silent_on_the_first(key, now):
        if key.startswith("ord_1."):
            raise GatewayTimeout
        return outcome(key, now)

    with monkeypatch.context() as silent:
        silent.setattr(payment.gateway, "outcome", silent_on_the_first)
        payment.run(settle_unknown)
    assert (state(payment, "ord_1"), state(payment, "ord_2")) == ("asking", "authorized")
    payment.run(settle_unknown)
    assert state(payment, "ord_1") == "authorized"
