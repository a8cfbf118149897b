"""What the shards of the accounts add up to."""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from functions.accounting.ledger import AccountTotal
from shared.storage import Database

K = TypeVar("K")
Sides = tuple[int, int]
"""Debit and credit, in minor units."""


class AccountKey(NamedTuple):
    """An entity's account in one currency."""

    entity: str
    currency: str
    account: str


def totals_by_account(db: Database, since: str = "", until: str = "~") -> dict[AccountKey, Sides]:
    """Return the sides of every account that was posted to, in order; of what happened in these months ('2026-11')."""
    found: dict[AccountKey, Sides] = {}
    for shard in _shards(db):
        if since <= shard.period <= until:
            key = AccountKey(shard.entity, shard.currency, shard.account)
            _add(found, key, (shard.debit_minor, shard.credit_minor))
    return dict(sorted(found.items()))


def _shards(db: Database) -> Iterator[AccountTotal]:
    cursor: str | None = None
    while True:
        page = db.query(AccountTotal, limit=500, cursor=cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def totals_by_currency(by_account: dict[AccountKey, Sides]) -> dict[str, Sides]:
    """Return the sides of every currency, of all entities."""
    found: dict[str, Sides] = {}
    for key, sides in by_account.items():
        _add(found, key.currency, sides)
    return found


def books_balance(by_account: dict[AccountKey, Sides]) -> bool:
    """Whether debits equal credits in each currency of each entity."""
    found: dict[tuple[str, str], Sides] = {}
    for key, sides in by_account.items():
        _add(found, (key.entity, key.currency), sides)
    return all(debit == credit for debit, credit in found.values())


def _add(found: dict[K, Sides], key: K, sides: Sides) -> None:
    debit, credit = found.get(key, (0, 0))
    found[key] = (debit + sides[0], credit + sides[1])
