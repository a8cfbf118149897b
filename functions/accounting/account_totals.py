"""What the shards of the accounts add up to."""

from typing import TypeVar

from functions.accounting.ledger import AccountTotal
from shared.storage import Database

K = TypeVar("K")
Sides = tuple[int, int]
"""Debit and credit, in minor units."""


def totals_by_account(db: Database) -> dict[tuple[str, str], Sides]:
    """Return the sides of every (currency, account) that was ever posted to, in order."""
    found: dict[tuple[str, str], Sides] = {}
    cursor: str | None = None
    while True:
        page = db.query(AccountTotal, limit=500, cursor=cursor)
        for shard in page.items:
            _add(found, (shard.currency, shard.account), (shard.debit_minor, shard.credit_minor))
        cursor = page.next_cursor
        if cursor is None:
            return dict(sorted(found.items()))


def totals_by_currency(by_account: dict[tuple[str, str], Sides]) -> dict[str, Sides]:
    """Return the sides of every currency."""
    found: dict[str, Sides] = {}
    for (currency, _), sides in by_account.items():
        _add(found, currency, sides)
    return found


def _add(found: dict[K, Sides], key: K, sides: Sides) -> None:
    debit, credit = found.get(key, (0, 0))
    found[key] = (debit + sides[0], credit + sides[1])
