"""From one currency to another at the day's reference rates (`shared/seed/currency_rates.json`, per 1 EUR)."""

from decimal import Decimal

from shared.seed import read
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money


def exchanged(amount: Money, currency: str) -> Money | None:
    """Return an amount in another currency, rounded half up to its minor unit; None without a rate."""
    rates = read("currency_rates")["rates"]
    given, wanted = rates.get(amount.currency), rates.get(currency)
    if given is None or wanted is None:
        return amount if amount.currency == currency else None
    scale = Decimal(10) ** (MINOR_DIGITS[currency] - MINOR_DIGITS[amount.currency])
    return Money(currency, amount.times(Decimal(wanted) / Decimal(given) * scale).minor)
