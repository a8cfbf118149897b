"""GET /trial-balance?entity=: what was debited and credited to every account, and whether it balances."""

from functions.accounting.account_totals import books_balance, totals_by_account
from functions.accounting.entities import entities
from shared.errors import Invalid
from shared.http.models import Answer
from shared.storage import Database
from shared.values.money import Money


class AccountLine(Answer):
    """One account of an entity in one currency: all debits, all credits, and the balance (debit less credit)."""

    account: str
    currency: str
    debit: Money
    credit: Money
    balance: Money
    entity: str


class TrialBalance(Answer):
    """Every account with postings, by entity, currency and name.

    `balanced` if in each currency of each entity debits equal credits.
    """

    accounts: list[AccountLine]
    balanced: bool


def get_trial_balance(db: Database, entity: str | None = None) -> TrialBalance:
    """Add up the shards of every account, of one entity or of all; Invalid for an entity that there is not."""
    if entity is not None and entity not in entities():
        raise Invalid(("entity", f"expected one of {', '.join(entities())}"))
    totals = {key: sides for key, sides in totals_by_account(db).items() if entity in (None, key.entity)}
    return TrialBalance(
        accounts=[
            AccountLine(
                account=key.account,
                currency=key.currency,
                debit=Money(key.currency, debit),
                credit=Money(key.currency, credit),
                balance=Money(key.currency, debit - credit),
                entity=key.entity,
            )
            for key, (debit, credit) in totals.items()
        ],
        balanced=books_balance(totals),
    )
