"""Currency conversion from the price list's USD: rates with their source and date.

A unit price is converted, rounded half up to the currency's minor unit, then multiplied. The rate that is used is the
one that is written in the answer (ten significant digits), so anyone can compute the price again.
"""

from collections import defaultdict
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from functions.pricing.catalogue import PRICE_LIST_CURRENCY
from functions.pricing.tables import DatedRow, Row, in_force, read_table
from shared.errors import CurrencyNotAccepted
from shared.events.priced_order import ExchangeRate
from shared.seed import read
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money

_TEN_DIGITS = Context(prec=10, rounding=ROUND_HALF_UP)


class Rate(DatedRow):
    """Units of `currency` for one US dollar."""

    currency: str
    per_usd: Decimal
    source: str


class _ExchangeRates(Row):
    about: str
    seed_rates_valid_from: date
    further: tuple[Rate, ...]
    not_accepted: dict[str, str]


class Rates(NamedTuple):
    """Rates by currency, in the order of their days; and why others are refused."""

    by_currency: dict[str, list[Rate]]
    not_accepted: dict[str, str]


@cache
def all_rates() -> Rates:
    """Return what the tables hold; read once per process."""
    table, seed = read_table(_ExchangeRates, "exchange_rates"), read("currency_rates")
    found: dict[str, list[Rate]] = defaultdict(list)
    per_euro = {code: Decimal(rate) for code, rate in seed["rates"].items() if code in MINOR_DIGITS}
    for code, rate in per_euro.items():
        crossed = _TEN_DIGITS.divide(rate, per_euro[PRICE_LIST_CURRENCY])
        found[code].append(
            Rate(currency=code, per_usd=crossed, source=seed["source"], valid_from=table.seed_rates_valid_from)
        )
    for row in table.further:
        found[row.currency].append(row)
    usable = {
        code: sorted(rows, key=lambda row: row.valid_from)
        for code, rows in found.items()
        if code not in table.not_accepted
    }
    return Rates(usable, table.not_accepted)


def rate_to(currency: str, at: datetime) -> Rate:
    """Return the rate in force; CurrencyNotAccepted for a currency without one or that new orders may not use."""
    rates = all_rates()
    if currency in rates.not_accepted:
        raise CurrencyNotAccepted(f"{currency} is not accepted: {rates.not_accepted[currency]}", currency=currency)
    if currency not in rates.by_currency:
        raise CurrencyNotAccepted(f"{currency} is not accepted: there is no rate for it", currency=currency)
    return in_force(rates.by_currency[currency], at)


def told(rate: Rate) -> ExchangeRate | None:
    """Return a rate as orders keep it; None for the price list's own currency."""
    if rate.currency == PRICE_LIST_CURRENCY:
        return None
    return _told(rate.per_usd, rate.source, rate.valid_from)


@lru_cache(maxsize=256)
def _told(per_usd: Decimal, provider: str, day: date) -> ExchangeRate:
    return ExchangeRate(base=PRICE_LIST_CURRENCY, rate=f"{per_usd:f}", provider=provider, date=day)


def converted(price: Money, rate: Rate) -> Money:
    """Convert USD at the rate, rounded half up to the target's minor unit; USD stays as it is."""
    if price.currency == rate.currency:
        return price
    shift = MINOR_DIGITS[rate.currency] - MINOR_DIGITS[price.currency]
    exact = (Decimal(price.minor) * rate.per_usd).scaleb(shift)
    return Money(rate.currency, int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
