"""Backtesting: what a set of rules would have decided about archived orders, and what each threshold would have cost.

An order is a fraud if a chargeback or a reviewer said so; of one about which nobody said anything it is taken that it
was good. A reviewer is taken to tell fraud from good. Amounts are in the archive's currency, rounded half up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from functions.fraud.rules import Decision, Rules, VelocityRule, rules
from functions.fraud.score import DecisionRecord, assess
from shared.errors import Invalid
from shared.http.models import Answer
from shared.values.money import Money


@dataclass(frozen=True)
class Prices:
    """What mistakes cost: a review, a chargeback's fee beside the lost amount, the share of a good order's total."""

    review: Money
    chargeback_fee: Money
    margin: Decimal


@dataclass(frozen=True)
class Judged:
    """An archived order under the candidate rules; `forced` domains are decided whatever the threshold."""

    score: int
    total: Money
    fraud: bool
    was: Decision
    forced: Decision | None


class Threshold(Answer):
    """What would have happened with `review_at` as the lowest score that is reviewed.

    cost = reviews + missed (amount and fee of frauds approved) + lost_margin (good orders denied).
    """

    review_at: int
    approved: int
    reviewed: int
    denied: int
    frauds_missed: int
    frauds_stopped: int
    good_denied: int
    reviews: Money
    missed: Money
    lost_margin: Money
    cost: Money


def judged(record: DecisionRecord, fraud: bool, candidate: Rules) -> Judged:
    """Score an archived order by the candidate; Invalid if it counts what was not counted then."""
    known = {rule.code: _counting(rule) for rule in rules(record.assessment.model_version).velocity}
    for number, rule in enumerate(candidate.velocity):
        if known.get(rule.code, _counting(rule)) != _counting(rule):
            expected = "a code that counts the same by the same in the same time as the archived rules do"
            raise Invalid((f"rules.velocity.{number}.code", f"expected {expected}"))
    found = assess(record.inputs, candidate)
    forced = candidate.forced.get(record.inputs.email_domain)
    return Judged(found.score, record.inputs.total, fraud, record.assessment.decision, forced)


def _counting(rule: VelocityRule) -> tuple[str, str, int]:
    return rule.by, rule.counts, rule.minutes


def costs(orders: Sequence[Judged], thresholds: Iterable[int], deny_at: int, prices: Prices) -> list[Threshold]:
    """Return a row per threshold, lowest first; from `deny_at` on orders are denied."""
    return [_row(orders, threshold, deny_at, prices) for threshold in sorted(set(thresholds))]


def _row(orders: Sequence[Judged], review_at: int, deny_at: int, prices: Prices) -> Threshold:
    currency = prices.review.currency
    groups: dict[str, list[Judged]] = {"approve": [], "review": [], "deny": []}
    for order in orders:
        groups[decision(order, review_at, deny_at)].append(order)
    missed = [order for order in groups["approve"] if order.fraud]
    lost = [order for order in groups["deny"] if not order.fraud]
    reviews = prices.review * len(groups["review"])
    loss = Money(currency, sum(order.total.minor for order in missed)) + prices.chargeback_fee * len(missed)
    margin = Money(currency, sum(order.total.minor for order in lost)).times(prices.margin)
    return Threshold(
        review_at=review_at,
        approved=len(groups["approve"]),
        reviewed=len(groups["review"]),
        denied=len(groups["deny"]),
        frauds_missed=len(missed),
        frauds_stopped=sum(order.fraud for order in orders) - len(missed),
        good_denied=len(lost),
        reviews=reviews,
        missed=loss,
        lost_margin=margin,
        cost=reviews + loss + margin,
    )


def decision(order: Judged, review_at: int, deny_at: int) -> Decision:
    """Return what a score means between two thresholds."""
    if order.forced:
        return order.forced
    return "deny" if order.score >= deny_at else "review" if order.score >= review_at else "approve"
