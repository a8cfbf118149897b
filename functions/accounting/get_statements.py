"""GET /statements?entity=&since=&until=: profit and loss of some months, and the balance sheet at their end."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints

from functions.accounting.account_totals import AccountKey, Sides, totals_by_account
from functions.accounting.accounts import AccountType, account_of
from functions.accounting.entities import entities
from shared.errors import Invalid
from shared.http.models import Answer
from shared.storage import Database
from shared.values.money import Money, total

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
"""'2026-11', in UTC."""


class StatementLine(Answer):
    """One account; `amount` is above zero on the side that is usual for its type."""

    account: str
    number: int
    amount: Money


class ProfitAndLoss(Answer):
    """Of the months asked for: result = revenue - expenses."""

    revenue: list[StatementLine]
    expenses: list[StatementLine]
    result: Money


class BalanceSheet(Answer):
    """At the end of the last month: assets = liabilities + equity + result to date, which no year's end has closed."""

    assets: list[StatementLine]
    liabilities: list[StatementLine]
    equity: list[StatementLine]
    result_to_date: Money
    balanced: bool


class Statements(Answer):
    """An entity's statements in its currency; `unconverted` is what is booked in a currency that had no rate."""

    entity: str
    currency: str
    since: str
    until: str
    profit_and_loss: ProfitAndLoss
    balance_sheet: BalanceSheet
    unconverted: list[Money]


def get_statements(entity: str, since: Month, until: Month, db: Database) -> Statements:
    """Add up what happened in the months from `since` to `until`, both included; Invalid for an unknown entity."""
    if entity not in entities():
        raise Invalid(("entity", f"expected one of {', '.join(entities())}"))
    if until < since:
        raise Invalid(("until", "expected no month before `since`"))
    currency = entities()[entity].functional_currency
    months = _of(totals_by_account(db, since, until), entity, currency)
    ever = totals_by_account(db, until=until)
    return Statements(
        entity=entity,
        currency=currency,
        since=since,
        until=until,
        profit_and_loss=_profit_and_loss(months, currency),
        balance_sheet=_balance_sheet(_of(ever, entity, currency), currency),
        unconverted=[
            Money(key.currency, debit - credit)
            for key, (debit, credit) in ever.items()
            if key.entity == entity and key.currency != currency and debit != credit
        ],
    )


def _of(totals: Mapping[AccountKey, Sides], entity: str, currency: str) -> dict[str, int]:
    """Return the balances (debit less credit) of an entity's accounts."""
    return {
        key.account: debit - credit
        for key, (debit, credit) in totals.items()
        if (key.entity, key.currency) == (entity, currency)
    }


def _lines(balances: Mapping[str, int], kind: AccountType, currency: str) -> list[StatementLine]:
    sign = 1 if kind in ("asset", "expense") else -1
    found = [
        StatementLine(account=name, number=account_of(name).number, amount=Money(currency, sign * minor))
        for name, minor in balances.items()
        if account_of(name).type == kind and minor
    ]
    return sorted(found, key=lambda line: (line.number, line.account))


def _sum(lines: list[StatementLine], currency: str) -> Money:
    return total([line.amount for line in lines], currency)


def _profit_and_loss(balances: Mapping[str, int], currency: str) -> ProfitAndLoss:
    revenue, expenses = _lines(balances, "revenue", currency), _lines(balances, "expense", currency)
    return ProfitAndLoss(revenue=revenue, expenses=expenses, result=_sum(revenue, currency) - _sum(expenses, currency))


def _balance_sheet(balances: Mapping[str, int], currency: str) -> BalanceSheet:
    assets, liabilities, equity = (
        _lines(balances, "asset", currency),
        _lines(balances, "liability", currency),
        _lines(balances, "equity", currency),
    )
    result = _profit_and_loss(balances, currency).result
    owed = _sum(liabilities, currency) + _sum(equity, currency) + result
    return BalanceSheet(
        assets=assets,
        liabilities=liabilities,
        equity=equity,
        result_to_date=result,
        balanced=_sum(assets, currency) == owed,
    )
