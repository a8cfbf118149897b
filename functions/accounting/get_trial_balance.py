"""GET /trial-balance: what was debited and credited to every account, and whether it balances."""

from functions.accounting.account_totals import totals_by_account, totals_by_currency
from shared.http.models import Answer
from shared.storage import Database
from shared.values.money import Money


class AccountLine(Answer):
    """One account in one currency: all debits, all credits, and the balance (debit less credit)."""

    account: str
    currency: str
    debit: Money
    credit: Money
    balance: Money


class TrialBalance(Answer):
    """Every account with postings, by currency and name; `balanced` if in each currency debits equal credits."""

    accounts: list[AccountLine]
    balanced: bool


def get_trial_balance(db: Database) -> TrialBalance:
    """Add up the shards of every account."""
    totals = totals_by_account(db)
    return TrialBalance(
        accounts=[
            AccountLine(
                account=account,
                currency=currency,
                debit=Money(currency, debit),
                credit=Money(currency, credit),
                balance=Money(currency, debit - credit),
            )
            for (currency, account), (debit, credit) in totals.items()
        ],
        balanced=all(debit == credit for debit, credit in totals_by_currency(totals).values()),
    )
