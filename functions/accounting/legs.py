"""What an event means to several entities: a leg is what it means to one of them.

Payments of an order go through the merchant account of their currency's collector, goods lie with the entity of their
country; where that is not the seller, each owes the other what it took or gave (`intercompany`).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from functions.accounting import accounts
from functions.accounting.functional_currency import Books
from functions.accounting.ledger import Cause, post
from functions.accounting.sides import signed
from shared.events.journal import Posting
from shared.storage import Transaction
from shared.values.money import Money


class Leg(NamedTuple):
    """Postings in one entity's books."""

    name: str
    books: Books
    postings: list[Posting]


def between(
    names: tuple[str, str], here: tuple[Books, str], there: tuple[Books, str], amounts: Sequence[Money]
) -> list[Leg]:
    """Debit an account of one entity and credit that of another, by way of what the two owe each other.

    Of one entity it is a single leg, named by the first name; else each name also tells the other entity. Amounts below
    zero go the other way.
    """
    (gets, got), (gives, given) = here, there
    if gets.entity == gives.entity:
        return [Leg(names[0], gets, _two(got, given, amounts))]
    return [
        Leg(f"{names[0]}.{gives.entity}", gets, _two(got, accounts.intercompany(gives.entity), amounts)),
        Leg(f"{names[1]}.{gets.entity}", gives, _two(accounts.intercompany(gets.entity), given, amounts)),
    ]


def post_legs(tx: Transaction, cause: Cause, legs: Iterable[Leg], order_id: str | None, now: datetime) -> None:
    """Book every leg."""
    for leg in legs:
        post(tx, cause, leg.name, leg.postings, order_id, now, leg.books)


def _two(debited: str, credited: str, amounts: Sequence[Money]) -> list[Posting]:
    return [side for amount in amounts for side in (signed(debited, amount), signed(credited, -amount))]
