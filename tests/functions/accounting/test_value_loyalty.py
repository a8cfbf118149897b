"""Points that customers hold are a liability of the home entity: the newest valuation counts, in whatever order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations

from functions.accounting.get_trial_balance import get_trial_balance
from functions.accounting.ledger import JournalEntry
from functions.accounting.value_loyalty import value_loyalty
from shared.events.customer import CustomerLoyaltyValued
from shared.storage import Database
from tests.functions.accounting import one_order as o

VALUES = {1: "46.55", 2: "60.00", 3: "12.00"}


def value(db: Database, day: int, now: datetime) -> None:
    worth = o.usd(VALUES[day])
    event = CustomerLoyaltyValued(
        valuation_id=f"lov_{day}", points=worth.minor, value=worth, valued_at=o.START + timedelta(days=day)
    )
    db.transact(lambda tx: value_loyalty(event, o.told(event, f"evt_{day}"), tx, now))


def balances(db: Database) -> dict[str, str]:
    answer = get_trial_balance(db)
    assert answer.balanced
    return {line.account: line.balance.amount for line in answer.accounts}


def test_the_difference_to_the_last_valuation_is_booked(db: Database, now: datetime) -> None:
    found = []
    for day in VALUES:
        value(db, day, now)
        found.append(balances(db))

    assert found == [
        {"discounts": "46.55", "loyalty_liability": "-46.55"},
        {"discounts": "60.00", "loyalty_liability": "-60.00"},
        {"discounts": "12.00", "loyalty_liability": "-12.00"},
    ]
    amounts = {entry.entry_id: entry.debit_minor for entry in db.query(JournalEntry).items}
    assert amounts == {"evt_1.loyalty.USD": 4655, "evt_2.loyalty.USD": 1345, "evt_3.loyalty.USD": 4800}


def test_the_newest_valuation_counts_in_any_order(database_of: Callable[[str], Database], now: datetime) -> None:
    for number, days in enumerate(permutations([1, 2, 3, 3])):
        db = database_of(f"accounting{number}")
        for day in days:
            value(db, day, now)

        assert balances(db) == {"discounts": "12.00", "loyalty_liability": "-12.00"}, days
