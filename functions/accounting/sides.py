"""The two sides of an entry."""

from shared.events.journal import Posting
from shared.values.money import Money


def debit(account: str, amount: Money) -> Posting:
    """Return the debit side: `amount` to the debit of `account`."""
    return Posting(account=account, debit=amount, credit=Money.zero(amount.currency))


def credit(account: str, amount: Money) -> Posting:
    """Return the credit side: `amount` to the credit of `account`."""
    return Posting(account=account, debit=Money.zero(amount.currency), credit=amount)


def signed(account: str, amount: Money) -> Posting:
    """Return an amount above zero as a debit, one below zero as a credit."""
    return credit(account, -amount) if amount.minor < 0 else debit(account, amount)
