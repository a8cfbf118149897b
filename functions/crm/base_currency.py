"""Amounts in base currency: what spend and points are counted in."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from functions.crm.loyalty import BASE_CURRENCY
from shared.errors import Undeliverable
from shared.events.priced_order import ExchangeRate
from shared.seed import read
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money


def in_base(amount: Money, rate: ExchangeRate | None) -> Money:
    """Convert at the order's own rate (units of its currency for one USD), rounded half up to the cent.

    An event from before orders carried their rate is converted at the shop's currency table. Undeliverable without
    any rate.
    """
    if amount.currency == BASE_CURRENCY:
        return amount
    per_unit = _given(rate) if rate is not None and rate.base == BASE_CURRENCY else _from_table(amount.currency)
    minor = (amount.decimal / per_unit).scaleb(MINOR_DIGITS[BASE_CURRENCY]).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(BASE_CURRENCY, int(minor))


def _given(rate: ExchangeRate) -> Decimal:
    try:
        given = Decimal(rate.rate)
    except InvalidOperation:
        given = Decimal(0)
    if not given.is_finite() or given <= 0:
        raise Undeliverable(f"no exchange rate: {rate.rate!r}")
    return given


@cache
def _from_table(currency: str) -> Decimal:
    rates = read("currency_rates")["rates"]
    if currency not in rates:
        raise Undeliverable(f"no exchange rate is known for {currency}")
    return Decimal(rates[currency]) / Decimal(rates[BASE_CURRENCY])
