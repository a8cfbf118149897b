"""Scoring: once per order, counting velocity once, and never against ordinary customers."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest

from functions.fraud.history import History
from functions.fraud.record_transaction import RecordTransaction, record_transaction
from functions.fraud.report_control_totals import report_control_totals
from functions.fraud.score import DecisionRecord
from functions.fraud.score_order import ScoreOrder, score_order
from functions.fraud.velocity import digest
from tests.functions.fraud.conftest import ABROAD, HOME, order


def codes(assessment) -> list[str]:
    return [reason.code for reason in assessment.reasons]


def test_order_email_and_total_are_enough(history: History, now) -> None:
    least = ScoreOrder.model_validate(
        {"order_id": "ord_1", "email": "Ada@Example.com", "total": {"currency": "USD", "amount": "50.00"}}
    )
    found = score_order(least, history, now)
    assert found.model_dump() == {"decision": "approve", "score": 0, "reasons": (), "model_version": "2026-11-20.3"}


@pytest.mark.parametrize(("domain", "decision"), [("review.test", "review"), ("deny.test", "deny")])
def test_forced_domains(score, domain: str, decision: str) -> None:
    assert score(email=f"ada@{domain}").decision == decision


def test_asked_twice_it_gives_the_stored_decision(score, clock) -> None:
    first = score(1, "10000.00", shipping_address=ABROAD)
    assert (first.decision, first.score) == ("review", 70)
    clock.advance(hours=2)
    assert score(1, "1.00", email="other@deny.test") == first


def test_five_cards_for_one_email_in_ten_minutes_reach_review(score, clock) -> None:
    found = []
    for number in range(5):
        found.append(score(number, email="mallory@example.com", card_fingerprint=f"fp_{number}"))
        clock.advance(minutes=2)
    assert [each.decision for each in found] == ["approve"] * 4 + ["review"]
    assert (found[-1].score, codes(found[-1])) == (50, ["email_cards_1h"])


def test_five_cards_spread_over_a_day_do_not(score, clock) -> None:
    for number in range(7):
        assert score(number, email="ada@example.com").decision == "approve"
        clock.advance(hours=3)


def test_what_is_older_than_the_window_does_not_count(score, clock) -> None:
    for number in range(4):
        score(number, email="ada@example.com")
    clock.advance(minutes=60)
    assert score(4, email="ada@example.com").decision == "review", "the window includes its first moment"
    clock.advance(microseconds=1)
    assert score(5, email="ada@example.com").decision == "approve"


def test_an_order_asked_again_counts_once(score) -> None:
    for _ in range(9):
        score(1, email="ada@example.com", card_fingerprint="fp_1")
    assert codes(score(2, email="ada@example.com", card_fingerprint="fp_1")) == []


def test_the_tenth_order_in_an_hour_is_noted(score) -> None:
    for number in range(9):
        assert codes(score(number, email="ada@example.com", card_fingerprint="fp_1")) == []
    tenth = score(9, email="ada@example.com", card_fingerprint="fp_1")
    assert (codes(tenth), tenth.score) == (["email_orders_1h", "card_orders_1h"], 20)


def test_a_count_survives_a_crash_before_the_decision(history: History, now, monkeypatch) -> None:
    asked = order(1, email="ada@example.com")
    with monkeypatch.context() as crashing:
        crashing.setattr(type(history), "put_once", lambda *_: (_ for _ in ()).throw(RuntimeError("died")))
        with pytest.raises(RuntimeError):
            score_order(asked, history, now)
    score_order(asked, history, now)
    [row] = history.rows(f"attempts.email.{digest('ada@example.com')}", now - timedelta(hours=1))
    assert row.row_key == "ord_1"


def test_of_two_that_ask_at_once_the_first_stored_wins(history: History, now) -> None:
    for number in range(10):
        start, found = Barrier(2), []

        def ask(amount: str, number=number, start=start, found=found) -> None:
            asked = order(number, amount)
            start.wait()
            found.append(score_order(asked, history, now))

        threads = [Thread(target=ask, args=(amount,)) for amount in ("50.00", "10000.00")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found[0] == found[1]
        kept = DecisionRecord.model_validate(history.get(f"order.ord_{number}", "decision").values)
        assert kept.assessment == found[0] == kept.recomputed()
        attempts = history.rows(f"attempts.email.{digest(asked_email(number))}", now)
        assert len(attempts) == 1


def asked_email(number: int) -> str:
    return f"customer{number}@example.com"


def test_500_customers_at_one_address_within_a_minute_are_approved(score, clock) -> None:
    for number in range(500):
        cents = 2000 + number * 396  # USD 20.00 to 1996.04
        found = score(number, f"{cents // 100}.{cents % 100:02d}")
        assert (found.decision, found.score) == ("approve", min(found.score, 24))
        assert {code.partition("_")[0] for code in codes(found)} <= {"address", "ip"}
        clock.advance(milliseconds=120)


def test_500_customers_at_one_address_from_their_own_networks_score_4_at_most(score, clock) -> None:
    for number in range(500):
        found = score(number, ip=f"203.0.{number // 250}.{number % 250}")
        assert found.decision == "approve"
        clock.advance(milliseconds=120)
    assert (found.score, codes(found)) == (4, ["address_emails_1h", "address_emails_24h"])


def test_an_address_is_the_same_in_other_capitals_and_spaces(score) -> None:
    for number in range(9):
        score(number)
    shouted = {**HOME, "street_address": " 1  MAIN st "}
    assert "address_emails_1h" in codes(score(9, shipping_address=shouted))
    assert "address_emails_1h" not in codes(score(10, shipping_address=ABROAD))


def test_eight_cards_at_one_ip_in_an_hour_are_noted(score) -> None:
    for number in range(7):
        assert codes(score(number, ip="198.51.100.9")) == []
    assert codes(score(7, ip="198.51.100.9")) == ["ip_cards_1h"]
    assert codes(score(8, ip="198.51.100.10")) == []


def test_an_amount_is_held_against_what_the_customer_bought_before(score, history: History, clock) -> None:
    for number in range(3):
        record_transaction(transaction(number, "100.00", clock()), history)
    assert codes(score(10, "500.01", email="ada@example.com")) == ["amount_beyond_history"]
    assert codes(score(11, "500.00", email="ada@example.com")) == []
    assert codes(score(12, "500.01", email="bob@example.com")) == []


@pytest.mark.parametrize("fields", [{}, {"shipping_address": ABROAD}, {"card_country": "NL"}])
def test_furniture_for_3000_dollars_by_a_new_customer_is_approved(score, fields) -> None:
    assert score(1, "3000.00", **fields).decision == "approve"


def test_a_first_order_is_one_without_a_transaction_before(score, history: History, clock) -> None:
    assert codes(score(1, "3500.00", email="ada@example.com")) == ["first_order_high_amount"]
    record_transaction(transaction(1, "3500.00", clock(), email="ada@example.com"), history)
    assert codes(score(2, "3500.00", email="ADA@example.com")) == []
    assert codes(score(3, "3500.00", email="bob@example.com")) == ["first_order_high_amount"]


def test_nothing_personal_is_kept(score, history: History, now) -> None:
    score(1, email="ada.lovelace@example.com", user_agent="Mozilla/5.0 ada")
    record_transaction(transaction(1, "50.00", now, email="ada.lovelace@example.com"), history)
    bodies = history._db.file.read("SELECT key || body FROM history")
    assert len(bodies) == 7
    kept = "".join(body for (body,) in bodies)
    for personal in ("ada", "lovelace", "203.0.113.7", "Main St", "98101", "Mozilla"):
        assert personal not in kept


def transaction(
    number: int, amount: str, at, currency: str = "USD", email: str = "ada@example.com"
) -> RecordTransaction:
    return RecordTransaction.model_validate(
        {
            "order_id": f"ord_{number}",
            "email": email,
            "total": {"currency": currency, "amount": amount},
            "decision": "approve",
            "occurred_at": at,
        }
    )


def test_transactions_are_remembered_once_and_summed_up_to_a_moment(history: History, now) -> None:
    later = now + timedelta(hours=1)
    for _ in range(2):
        assert record_transaction(transaction(1, "50.00", now), history).order_id == "ord_1"
        record_transaction(transaction(2, "19.99", now), history)
        record_transaction(transaction(3, "1200", now, "JPY"), history)
        record_transaction(transaction(4, "1.00", later), history)
    record_transaction(transaction(1, "999.00", later), history)

    def totals(until):
        return report_control_totals(history, later, until).totals

    first = {"transactions.count": 3, "transactions.total.USD": 6999, "transactions.total.JPY": 1200}
    assert totals(now) == first
    assert totals(None) == {**first, "transactions.count": 4, "transactions.total.USD": 7099}
    assert totals(now - timedelta(seconds=1)) == {"transactions.count": 0}
