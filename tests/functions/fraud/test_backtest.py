"""Backtesting a set of rules over archived decisions, with every figure of the costs written out.

The archive: four orders of USD 100.00 to 400.00 that were approved, among them one fraud, and one that was reviewed.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.fraud.backtest_rules import BacktestRules, backtest_rules
from functions.fraud.history import History
from functions.fraud.record_outcome import RecordOutcome, record_outcome
from functions.fraud.rules import rules
from functions.fraud.score_order import score_order
from shared.errors import Invalid
from shared.values.money import Money
from tests.functions.fraud.conftest import ABROAD, order

USD = "USD"


@pytest.fixture
def archive(history: History, now: datetime) -> History:
    """Scores under today's rules: 0, 15 (abroad), 20 (card abroad), 45 (disposable, card abroad), 50 (forced)."""
    asked = [
        order(1, "100.00", ip="192.0.2.1"),
        order(2, "200.00", ip="192.0.2.2", shipping_address=ABROAD),
        order(3, "300.00", ip="192.0.2.3", card_country="NL"),
        order(4, "400.00", ip="192.0.2.4", card_country="NL", email="x@mailinator.com"),
        order(5, "500.00", ip="192.0.2.5", email="ada@review.test"),
    ]
    for number, command in enumerate(asked):
        score_order(command, history, now + timedelta(minutes=number))
    outcome(history, "ord_4", "fraud", "chargeback", now)
    outcome(history, "ord_5", "good", "review", now)
    return history


def outcome(history: History, order_id: str, what: str, source: str, at: datetime) -> None:
    told = {"order_id": order_id, "outcome": what, "source": source, "occurred_at": at}
    record_outcome(RecordOutcome.model_validate(told), history)


def asked(now: datetime, **changes: Any) -> BacktestRules:
    candidate = rules().model_dump(mode="json") | {"model_version": "candidate"} | changes.pop("rules", {})
    fields = {
        "rules": candidate,
        "since": now,
        "until": now + timedelta(days=1),
        "review_cost": {"currency": USD, "amount": "5.00"},
        "chargeback_fee": {"currency": USD, "amount": "15.00"},
        "margin": "0.3",
        "thresholds": [20, 45, 50],
    }
    return BacktestRules.model_validate(fields | changes)


def test_each_threshold_has_its_cost(archive: History, now: datetime) -> None:
    found = backtest_rules(asked(now), archive)

    assert (found.model_version, found.orders, found.frauds, found.changed) == ("candidate", 5, 1, {})
    rows = [(row.review_at, row.approved, row.reviewed, row.denied, row.frauds_missed) for row in found.thresholds]
    assert rows == [
        (20, 2, 3, 0, 0),  # reviewed: 3 and 4 by score, 5 by its domain
        (45, 3, 2, 0, 0),
        (50, 4, 1, 0, 1),
    ]
    assert [row.cost for row in found.thresholds] == [
        Money.of("15.00", USD),  # three reviews
        Money.of("10.00", USD),  # two reviews
        Money.of("420.00", USD),  # one review, the lost 400.00 and the bank's fee of 15.00
    ]
    assert found.cheapest == 45


def test_denying_good_orders_costs_their_margin(archive: History, now: datetime) -> None:
    found = backtest_rules(asked(now, rules={"deny_at": 20}, thresholds=[10]), archive)

    [row] = found.thresholds
    assert (row.approved, row.reviewed, row.denied, row.frauds_stopped, row.good_denied) == (1, 2, 2, 1, 1)
    assert (row.lost_margin, row.cost) == (Money.of("90.00", USD), Money.of("100.00", USD))
    assert found.changed == {"approve>deny": 2}


def test_a_candidate_is_applied_to_the_inputs_as_they_were(archive: History, now: datetime) -> None:
    found = backtest_rules(asked(now, rules={"card_country": {"code": "card_country_differs", "points": 60}}), archive)

    assert found.changed == {"approve>deny": 1, "approve>review": 1}


def test_what_the_bank_says_counts_more_than_a_reviewer(archive: History, now: datetime) -> None:
    outcome(archive, "ord_5", "fraud", "chargeback", now)
    assert backtest_rules(asked(now), archive).frauds == 2


def test_only_the_period_and_the_currency_are_looked_at(archive: History, now: datetime) -> None:
    assert backtest_rules(asked(now, until=now + timedelta(minutes=1)), archive).orders == 2
    euros = {name: {"currency": "EUR", "amount": "1.00"} for name in ("review_cost", "chargeback_fee")}
    found = backtest_rules(asked(now, currency="EUR", **euros), archive)
    assert (found.orders, found.cheapest) == (0, None)


def test_a_rule_that_counts_what_was_not_counted_then_is_refused(archive: History, now: datetime) -> None:
    velocity = [rule.model_dump(mode="json") for rule in rules().velocity]
    velocity[0]["minutes"] = 30
    with pytest.raises(Invalid) as refused:
        backtest_rules(asked(now, rules={"velocity": velocity}), archive)
    assert refused.value.extra["errors"][0]["field"] == "rules.velocity.0.code"


def test_costs_in_another_currency_are_refused(archive: History, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        backtest_rules(asked(now, review_cost={"currency": "EUR", "amount": "5.00"}), archive)
    assert [error["field"] for error in refused.value.extra["errors"]] == ["review_cost"]


def test_nothing_is_decided_anew(archive: History, now: datetime) -> None:
    before = archive.get("order.ord_4", "decision")
    backtest_rules(asked(now, rules={"deny_at": 20}), archive)
    assert archive.get("order.ord_4", "decision") == before
