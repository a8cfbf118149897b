"""Statements: one order sold in November, one return in December."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.accounting.get_statements import StatementLine, Statements, get_statements
from shared.errors import Invalid
from shared.events import Event
from shared.storage import Database
from tests.functions.accounting import european_order as eu
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import tell

NOW = datetime(2027, 1, 5, tzinfo=UTC)
DECEMBER = int(timedelta(days=14) / timedelta(minutes=1))


@pytest.fixture
def books(db: Database) -> Database:
    def at(number: int, event: Event, minutes: int = 0) -> None:
        tell(db, o.told(event, f"evt_{number}", minutes), NOW)

    for number, event in enumerate((eu.dispatched(), eu.committed(), eu.captured(), eu.delivered())):
        at(number, event)
    at(8, eu.returned(), DECEMBER)
    at(9, eu.put_back(), DECEMBER)
    return db


def shown(lines: list[StatementLine]) -> list[tuple[str, str]]:
    return [(line.account, line.amount.amount) for line in lines]


def statements(db: Database, since: str, until: str, entity: str = "ob-eu") -> Statements:
    return get_statements(entity, since, until, db)


def test_profit_and_loss_of_a_month(books: Database) -> None:
    november = statements(books, "2026-11", "2026-11")

    assert (november.entity, november.currency) == ("ob-eu", "EUR")
    assert shown(november.profit_and_loss.revenue) == [("revenue_goods", "55.87"), ("revenue_shipping", "4.66")]
    assert shown(november.profit_and_loss.expenses) == [("cost_of_sales", "4.25")]
    assert november.profit_and_loss.result.amount == "56.28"


def test_what_comes_back_lowers_the_revenue_of_its_own_month(books: Database) -> None:
    december = statements(books, "2026-12", "2026-12")

    assert shown(december.profit_and_loss.revenue) == [("sales_returns", "-18.62")]
    assert shown(december.profit_and_loss.expenses) == [("cost_of_sales", "-2.12")]
    assert december.profit_and_loss.result.amount == "-16.50"
    assert statements(books, "2026-11", "2026-12").profit_and_loss.result.amount == "39.78"


def test_the_balance_sheet_at_the_end_of_each_month(books: Database) -> None:
    november = statements(books, "2026-11", "2026-11").balance_sheet
    december = statements(books, "2026-12", "2026-12").balance_sheet

    assert shown(november.assets) == [("intercompany:ob-us", "72.12"), ("inventory", "-4.25")]
    assert shown(november.liabilities) == [("output_vat:SE", "11.59")]
    assert (november.result_to_date.amount, november.balanced) == ("56.28", True)
    assert shown(december.assets) == [("intercompany:ob-us", "72.12"), ("inventory", "-2.13")]
    assert shown(december.liabilities) == [("refund_liability", "23.28"), ("output_vat:SE", "6.93")]
    assert (december.result_to_date.amount, december.balanced) == ("39.78", True)


def test_another_entity_and_another_month_have_statements_of_their_own(books: Database) -> None:
    home = statements(books, "2026-11", "2026-12", "ob-us")
    assert shown(home.balance_sheet.assets) == [("bank_clearing:sandbox", "81.53"), ("intercompany:ob-eu", "-81.53")]
    assert (home.profit_and_loss.result.amount, home.balance_sheet.balanced) == ("0.00", True)
    assert statements(books, "2026-10", "2026-10").balance_sheet.assets == []


@pytest.mark.parametrize(
    ("entity", "since", "until"), [("ob-xx", "2026-01", "2026-02"), ("ob-eu", "2026-02", "2026-01")]
)
def test_refuses_what_makes_no_statement(db: Database, entity: str, since: str, until: str) -> None:
    with pytest.raises(Invalid):
        statements(db, since, until, entity)
