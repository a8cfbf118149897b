"""What was charged, in a currency that the books can be kept in: from Google's money to ours, every cent with an owner.

The old shop converts prices itself and keeps nine decimals; the card was charged their exact sum, rounded once. That
total is rounded half up to the minor unit and divided over lines and shipping by what they came to, largest remainder
first, so that the parts sum to it.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from functions.legacy_checkout.spoken import GoogleMoney, SoldItem
from shared.errors import CurrencyNotAccepted
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money

EURO_PER = {"HRK": Decimal("7.53450"), "BGN": Decimal("1.95583")}
"""Units of a currency that the euro has replaced for one euro: rates fixed for good, Council Regulations (EU) 2022/1208
and 2025/1409. An amount in one of them can only have been owed in euros."""


def currency_of(code: str) -> str:
    """Return in which currency an order is kept; CurrencyNotAccepted for one without minor unit or rate here (RUB)."""
    kept = "EUR" if code in EURO_PER else code
    if kept not in MINOR_DIGITS:
        raise CurrencyNotAccepted(f"{code} is not kept here", currency=code)
    return kept


def charged(items: Sequence[SoldItem], shipping: GoogleMoney) -> tuple[list[Money], Money]:
    """Return what each line and what shipping cost, as parts of what was charged; CurrencyNotAccepted."""
    code = shipping.currency_code
    currency = currency_of(code)
    parts = [each.cost.billionths * each.item.quantity for each in items] + [shipping.billionths]
    exact = Decimal(sum(parts)).scaleb(MINOR_DIGITS[currency] - 9) / EURO_PER.get(code, Decimal(1))
    total = Money(currency, int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)))
    *lines, carriage = total.apportion(parts)
    return lines, carriage
