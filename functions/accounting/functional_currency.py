"""From an order's currency to that of an entity's books (IAS 21.21).

Amount in the books = amount / (units per US dollar) x (units of the books' currency per US dollar), rounded half up to
the minor unit, each amount of an entry by itself; what is then left between debits and credits goes to `rounding`.
Units per dollar of an order's currency are those of the order; all others, and the order's if it names none, are
crossed from the table of euro rates in `shared/seed/currency_rates.json`. An amount in a currency without any rate
stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from functions.accounting import accounts
from functions.accounting.entities import entity
from functions.accounting.sides import credit, debit, signed
from shared.errors import Undeliverable
from shared.events.journal import Posting
from shared.events.priced_order import ExchangeRate
from shared.seed import read
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money


@dataclass(frozen=True)
class Books:
    """An entity's books, as one event is written into them: `agreed` is the rate of the order's `agreed_currency`."""

    entity: str
    currency: str
    agreed_currency: str = ""
    agreed: Decimal | None = None

    @classmethod
    def of(cls, seller: str | None, rate: ExchangeRate | None = None, currency: str = "") -> "Books":
        """Return a seller's books for amounts of an order; `rate` is what was taken for the order's `currency`."""
        owner = entity(seller)
        agreed = _read(rate.rate) if rate else None
        return cls(owner.entity, owner.functional_currency, currency if rate else "", agreed)

    def beside(self, other: str) -> "Books":
        """Return another entity's books for the same order."""
        return Books(other, entity(other).functional_currency, self.agreed_currency, self.agreed)

    def in_currency(self, currency: str) -> "Books":
        """Return the same with another currency to convert into."""
        return Books(self.entity, currency, self.agreed_currency, self.agreed)

    def per_dollar(self, currency: str) -> Decimal | None:
        """Return units of a currency for one US dollar."""
        return self.agreed if self.agreed and currency == self.agreed_currency else per_dollar(currency)

    def value(self, amount: Money) -> Money:
        """Return an amount in the currency of the books, or as it is if there is no rate."""
        if amount.currency == self.currency:
            return amount
        given, wanted = self.per_dollar(amount.currency), self.per_dollar(self.currency)
        return converted(amount, given, wanted, self.currency) if given and wanted else amount

    def written(self, postings: Sequence[Posting]) -> list[Posting]:
        """Return balanced postings in the currency of the books, each with its original, and what rounding leaves."""
        if all(posting.debit.currency == self.currency for posting in postings):
            return list(postings)
        booked = [self._written(posting) for posting in postings]
        if _excess(postings, {posting.debit.currency for posting in postings}):
            return booked  # the ledger refuses what does not balance; rounding hides nothing
        left = sum(_excess(booked, {self.currency}).values())
        return [*booked, signed(accounts.ROUNDING, Money(self.currency, -left))] if left else booked

    def _written(self, posting: Posting) -> Posting:
        original = posting.debit or posting.credit
        value = self.value(original)
        if value is original:
            return posting
        side = debit if posting.debit else credit
        return side(posting.account, value).model_copy(update={"original": original})


def per_dollar(currency: str) -> Decimal | None:
    """Return the table's units of a currency for one US dollar; None for a currency that it lacks."""
    rates = _per_euro()
    found = rates.get(currency)
    return None if found is None else found / rates["USD"]


def converted(amount: Money, given: Decimal, wanted: Decimal, currency: str) -> Money:
    """Convert at units per dollar of either currency, rounded half up to the minor unit."""
    exact = (amount.decimal / given * wanted).scaleb(MINOR_DIGITS[currency])
    return Money(currency, int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


@cache
def _per_euro() -> dict[str, Decimal]:
    return {code: Decimal(rate) for code, rate in read("currency_rates")["rates"].items()}


def _read(rate: str) -> Decimal:
    try:
        found = Decimal(rate)
    except InvalidOperation as error:
        raise Undeliverable(f"{rate!r} is no rate") from error
    if not found.is_finite() or found <= 0:
        raise Undeliverable(f"{rate!r} is no rate")
    return found


def _excess(postings: Sequence[Posting], currencies: set[str]) -> dict[str, int]:
    """Return by how much debits exceed credits, for each of these currencies in which they do."""
    sums = dict.fromkeys(currencies, 0)
    for posting in postings:
        if posting.debit.currency in sums:
            sums[posting.debit.currency] += posting.debit.minor - posting.credit.minor
    return {currency: excess for currency, excess in sums.items() if excess}
