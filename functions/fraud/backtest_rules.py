"""POST /api/backtests: hold a new set of rules against the archive before it decides about anybody."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from functions.fraud.backtest import Judged, Prices, Threshold, costs, decision, judged
from functions.fraud.history import History, Row
from functions.fraud.outcome import is_fraud
from functions.fraud.rules import Rules
from functions.fraud.score import DecisionRecord
from functions.fraud.transaction import DECISIONS
from shared.errors import Invalid
from shared.http.models import Answer, Command
from shared.values.clock import Timestamp
from shared.values.money import Money

MOST = 5_000
"""Orders in one answer: about a second; ask for the rest with `next_since`."""

Score = Annotated[int, Field(ge=1, le=100)]


class BacktestRules(Command):
    """The candidate, the archive's currency and period, and what mistakes cost (all in that currency).

    `margin` is the share of a good order's total that is lost by denying it.
    """

    rules: Rules
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    since: Timestamp
    until: Timestamp
    review_cost: Money
    chargeback_fee: Money
    margin: Decimal = Field(ge=0, le=1)
    thresholds: tuple[Score, ...] = Field(default=tuple(range(10, 101, 10)), min_length=1, max_length=100)


class Backtest(Answer):
    """What the candidate would have decided. `changed` counts decisions that differ from then: `approve>review`.

    `cheapest` is the threshold with the least cost, the highest of several. `next_since` is where to go on if there
    were more orders than one answer holds.
    """

    model_version: str
    orders: int
    frauds: int
    changed: dict[str, int]
    thresholds: list[Threshold]
    cheapest: int | None
    next_since: Timestamp | None


def backtest_rules(command: BacktestRules, history: History) -> Backtest:
    """Judge archived orders by the candidate; nothing is decided anew and nothing kept."""
    _check(command)
    orders: list[Judged] = []
    next_since: datetime | None = None
    for row in _archive(command, history):
        if len(orders) == MOST:
            next_since = row.at
            break
        fraud = is_fraud(history, row.partition.removeprefix("order."))
        orders.append(judged(DecisionRecord.model_validate(row.values), fraud is True, command.rules))
    prices = Prices(command.review_cost, command.chargeback_fee, command.margin)
    rows = costs(orders, command.thresholds, command.rules.deny_at, prices)
    return Backtest(
        model_version=command.rules.model_version,
        orders=len(orders),
        frauds=sum(order.fraud for order in orders),
        changed=_changed(orders, command.rules),
        thresholds=rows,
        cheapest=min(rows, key=lambda row: (row.cost.minor, -row.review_at)).review_at if orders else None,
        next_since=next_since,
    )


def _check(command: BacktestRules) -> None:
    wrong = [
        (name, f"expected an amount in {command.currency}")
        for name in ("review_cost", "chargeback_fee")
        if getattr(command, name).currency != command.currency
    ]
    if command.until < command.since:
        wrong.append(("until", "expected a time that is not before `since`"))
    if wrong:
        raise Invalid(*wrong)


def _archive(command: BacktestRules, history: History) -> Iterator[Row]:
    cursor: str | None = None
    while True:
        rows, cursor = history.family(DECISIONS, command.currency, command.since, command.until, 500, cursor)
        yield from rows
        if cursor is None:
            return


def _changed(orders: list[Judged], candidate: Rules) -> dict[str, int]:
    found: Counter[str] = Counter()
    for order in orders:
        now = decision(order, candidate.review_at, candidate.deny_at)
        if now != order.was:
            found[f"{order.was}>{now}"] += 1
    return dict(sorted(found.items()))
