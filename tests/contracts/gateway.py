"""What every payment gateway's adapter keeps. Subclass it and provide `gateway`; tokens are the sandbox's."""

from datetime import datetime, timedelta
from threading import Thread

import pytest

from functions.payment.gateway import Gateway, GatewayTimeout, GatewayUnavailable, Outcome, UnknownToken
from shared.storage.guard import TransactionOpen, open_transaction
from shared.values.money import Money

HUNDRED = Money("USD", 10000)
A, V = "ord_1.authorize", "ord_1.void"


class GatewayContract:
    """One suite for all gateways."""

    def test_declares_what_it_can(self, gateway: Gateway) -> None:
        assert gateway.name
        assert gateway.capabilities.several_captures
        assert gateway.capabilities.authorization_lifetime == timedelta(days=7)

    def test_answers_the_same_for_the_same_key(self, gateway: Gateway, now: datetime) -> None:
        later = now + timedelta(hours=1)
        held = gateway.authorize(A, "tok_visa", HUNDRED, now)
        assert (held.status, held.amount) == ("authorized", HUNDRED)
        assert gateway.authorize(A, "tok_declined", Money("USD", 1), later) == held
        assert gateway.outcome(A, later) == held
        taken = gateway.capture("shp_1", A, Money("USD", 3000), now)
        assert taken == Outcome("captured", Money("USD", 3000))
        assert gateway.capture("shp_1", A, Money("USD", 3000), later) == gateway.outcome("shp_1", later) == taken
        freed = gateway.void(V, A, now)
        assert freed == Outcome("voided", Money("USD", 7000))
        assert gateway.void(V, A, later) == gateway.outcome(V, later) == freed

    def test_what_it_never_saw_it_says_so(self, gateway: Gateway, now: datetime) -> None:
        assert gateway.outcome("ord_9.authorize", now) == Outcome("none")

    @pytest.mark.parametrize(
        ("token", "code"),
        [
            ("tok_declined", "generic_decline"),
            ("tok_insufficient_funds", "insufficient_funds"),
            ("tok_expired", "expired_card"),
        ],
    )
    def test_declines(self, gateway: Gateway, now: datetime, token: str, code: str) -> None:
        declined = gateway.authorize(A, token, HUNDRED, now)
        assert (declined.status, declined.decline_code, declined.amount) == ("declined", code, None)
        assert gateway.capture("shp_1", A, HUNDRED, now).status == "declined"

    def test_does_nothing_when_it_cannot(self, gateway: Gateway, now: datetime) -> None:
        with pytest.raises(GatewayUnavailable):
            gateway.authorize(A, "tok_processing_error", HUNDRED, now)
        assert gateway.outcome(A, now) == Outcome("none")

    def test_a_timeout_has_an_effect_that_is_told_later(self, gateway: Gateway, now: datetime) -> None:
        with pytest.raises(GatewayTimeout):
            gateway.authorize(A, "tok_timeout", HUNDRED, now)
        assert gateway.outcome(A, now + timedelta(seconds=2.9)) == Outcome("unknown")
        known = now + timedelta(seconds=3)
        assert gateway.outcome(A, known).status == "authorized"
        assert gateway.authorize(A, "tok_timeout", HUNDRED, known) == gateway.outcome(A, known)

    def test_knows_its_tokens(self, gateway: Gateway, now: datetime) -> None:
        with pytest.raises(UnknownToken):
            gateway.look_up("tok_forged", "ada@example.com")
        with pytest.raises(UnknownToken):
            gateway.authorize(A, "tok_forged", HUNDRED, now)
        assert gateway.outcome(A, now) == Outcome("none")

    def test_captures_to_the_cent_and_no_further(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_visa", HUNDRED, now)
        assert gateway.capture("shp_1", A, Money("USD", 9999), now).status == "captured"
        over = gateway.capture("shp_2", A, Money("USD", 2), now)
        assert (over.status, over.decline_code) == ("declined", "amount_exceeds_authorization")
        assert gateway.capture("shp_3", A, Money("USD", 1), now).status == "captured"
        assert gateway.capture("shp_4", A, Money("USD", 1), now).status == "declined"

    def test_captures_at_once_never_exceed(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_visa", HUNDRED, now)
        outcomes: list[Outcome] = []

        def take(number: int) -> None:
            outcomes.append(gateway.capture(f"shp_{number}", A, Money("USD", 3000), now))

        threads = [Thread(target=take, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcome.status for outcome in outcomes) == ["captured"] * 3 + ["declined"] * 3
        assert gateway.void(V, A, now).amount == Money("USD", 1000)

    @pytest.mark.parametrize(
        ("amount", "code"),
        [
            (Money("EUR", 100), "currency_mismatch"),
            (Money("USD", 0), "amount_exceeds_authorization"),
            (Money("USD", -1), "amount_exceeds_authorization"),
        ],
    )
    def test_refuses_what_is_no_part(self, gateway: Gateway, now: datetime, amount: Money, code: str) -> None:
        gateway.authorize(A, "tok_visa", HUNDRED, now)
        assert gateway.capture("shp_1", A, amount, now).decline_code == code

    def test_refuses_a_capture_without_authorization(self, gateway: Gateway, now: datetime) -> None:
        assert gateway.capture("shp_1", A, HUNDRED, now).decline_code == "unknown_authorization"

    def test_refuses_each_capture_of_a_card_that_fails(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_capture_fails", HUNDRED, now)
        for number in range(2):
            refused = gateway.capture(f"shp_{number}", A, Money("USD", 1), now)
            assert (refused.status, refused.decline_code) == ("declined", "capture_failed")
        assert gateway.void(V, A, now).amount == HUNDRED

    def test_no_capture_after_void(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_visa", HUNDRED, now)
        gateway.void(V, A, now)
        assert gateway.capture("shp_1", A, Money("USD", 1), now).decline_code == "authorization_voided"
        assert gateway.void("another", A, now).amount == Money("USD", 0), "what is free can't be freed again"

    def test_no_capture_after_expiry(self, gateway: Gateway, now: datetime) -> None:
        held = gateway.authorize(A, "tok_visa", HUNDRED, now)
        assert held.expires_at == now + timedelta(days=7)
        last = now + timedelta(days=7, microseconds=-1)
        assert gateway.capture("shp_1", A, Money("USD", 1), last).status == "captured"
        assert gateway.capture("shp_2", A, Money("USD", 1), held.expires_at).decline_code == "authorization_expired"

    def test_holds_again_what_ran_out_if_it_can(self, gateway: Gateway, now: datetime) -> None:
        if not gateway.capabilities.reauthorization:
            pytest.skip("its capabilities say that it cannot")
        first = gateway.authorize(A, "tok_visa", HUNDRED, now)
        later = now + timedelta(days=8)
        again = gateway.reauthorize("ord_1.authorize.2", A, Money("USD", 7000), later)
        assert (again.status, again.amount, again.expires_at) == (
            "authorized",
            Money("USD", 7000),
            later + timedelta(days=7),
        )
        assert again.payment_id != first.payment_id
        assert gateway.reauthorize("ord_1.authorize.2", A, Money("USD", 1), later) == again
        assert gateway.capture("shp_1", "ord_1.authorize.2", Money("USD", 7000), later).status == "captured"
        unknown = gateway.reauthorize("ord_9.authorize.2", "ord_9.authorize", HUNDRED, later)
        assert unknown.decline_code == "unknown_authorization"

    def test_says_when_it_will_not_hold_again(self, gateway: Gateway, now: datetime) -> None:
        if not gateway.capabilities.reauthorization:
            pytest.skip("its capabilities say that it cannot")
        gateway.authorize(A, "tok_reauthorization_fails", HUNDRED, now)
        refused = gateway.reauthorize("ord_1.authorize.2", A, HUNDRED, now)
        assert (refused.status, refused.decline_code) == ("declined", "insufficient_funds")

    def test_refunds_to_the_cent_and_no_further(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_visa", HUNDRED, now)
        gateway.capture("shp_1", A, Money("USD", 6000), now)
        given = gateway.refund("ret_1.shp_1", "shp_1", Money("USD", 5999), now)
        assert given == Outcome("refunded", Money("USD", 5999))
        assert gateway.refund("ret_1.shp_1", "shp_1", Money("USD", 5999), now) == given
        over = gateway.refund("ret_2.shp_1", "shp_1", Money("USD", 2), now)
        assert (over.status, over.decline_code) == ("declined", "amount_exceeds_capture")
        assert gateway.refund("ret_3.shp_1", "shp_1", Money("USD", 1), now).status == "refunded"

    def test_refunds_nothing_that_was_not_captured(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_capture_fails", HUNDRED, now)
        gateway.capture("shp_1", A, Money("USD", 6000), now)
        for capture in ("shp_1", "shp_9"):
            refused = gateway.refund(f"ret_1.{capture}", capture, Money("USD", 1), now)
            assert (refused.status, refused.decline_code) == ("declined", "unknown_capture")

    def test_says_when_it_cannot_refund(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_refund_fails", HUNDRED, now)
        gateway.capture("shp_1", A, HUNDRED, now)
        refused = gateway.refund("ret_1.shp_1", "shp_1", Money("USD", 1), now)
        assert (refused.status, refused.decline_code) == ("declined", "refund_failed")

    @pytest.mark.parametrize(
        ("token", "checks"),
        [
            ("tok_avs_mismatch", ("mismatch", "match")),
            ("tok_cvc_mismatch", ("match", "mismatch")),
        ],
    )
    def test_tells_what_the_issuer_says_of_address_and_code(
        self, gateway: Gateway, now: datetime, token: str, checks: tuple[str, str]
    ) -> None:
        held = gateway.authorize(A, token, HUNDRED, now)
        assert (held.status, held.avs, held.cvc) == ("authorized", *checks)

    def test_a_void_that_comes_first_refuses_the_authorization(self, gateway: Gateway, now: datetime) -> None:
        assert gateway.void(V, A, now) == Outcome("voided")
        late = gateway.authorize(A, "tok_visa", HUNDRED, now)
        assert (late.status, late.decline_code) == ("declined", "authorization_voided")

    def test_3d_secure_holds_nothing_until_confirmed(self, gateway: Gateway, now: datetime) -> None:
        asked = gateway.authorize(A, "tok_3ds", HUNDRED, now)
        assert asked.status == "requires_action"
        assert asked.action_url and asked.action_url.startswith("https://")
        assert gateway.capture("shp_1", A, Money("USD", 1), now).decline_code == "not_authorized"
        later = now + timedelta(minutes=10)
        held = gateway.confirm("ord_1.confirm", A, later)
        assert (held.status, held.amount, held.expires_at) == ("authorized", HUNDRED, later + timedelta(days=7))
        assert gateway.confirm("ord_1.confirm", A, later) == held
        assert gateway.capture("shp_2", A, Money("USD", 1), later).status == "captured"

    def test_3d_secure_cannot_be_finished_after_a_void(self, gateway: Gateway, now: datetime) -> None:
        gateway.authorize(A, "tok_3ds", HUNDRED, now)
        assert gateway.void(V, A, now).amount == Money("USD", 0)
        assert gateway.confirm("ord_1.confirm", A, now).decline_code == "authorization_voided"
        assert gateway.confirm("ord_9.confirm", "ord_9.authorize", now).decline_code == "unknown_authorization"

    def test_nothing_leaves_while_a_transaction_is_open(self, gateway: Gateway, now: datetime) -> None:
        effects = [
            lambda: gateway.look_up("tok_visa", "ada@example.com"),
            lambda: gateway.authorize(A, "tok_visa", HUNDRED, now),
            lambda: gateway.confirm("k", A, now),
            lambda: gateway.capture("shp_1", A, HUNDRED, now),
            lambda: gateway.void(V, A, now),
            lambda: gateway.reauthorize("ord_1.authorize.2", A, HUNDRED, now),
            lambda: gateway.refund("ret_1", "shp_1", HUNDRED, now),
            lambda: gateway.outcome(A, now),
        ]
        for effect in effects:
            with open_transaction("payment"), pytest.raises(TransactionOpen):
                effect()
        assert gateway.outcome(A, now) == Outcome("none")
