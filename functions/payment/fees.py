"""What a gateway keeps: a share of each capture and a fixed fee, and a fee for each chargeback."""

from dataclasses import dataclass
from decimal import Decimal

from functions.payment.exchange import exchanged
from shared.values.money import Money


@dataclass(frozen=True)
class FeeSchedule:
    """`share` is a fraction of what is captured; `fixed` and `chargeback` are asked in the currency of the payment."""

    share: Decimal
    fixed: Money
    chargeback: Money

    def of_capture(self, amount: Money) -> Money:
        """Return what is kept of a capture: the share, rounded half up, and the fixed fee."""
        return amount.times(self.share) + _in_currency(self.fixed, amount.currency)

    def of_chargeback(self, currency: str) -> Money:
        """Return what is asked for a chargeback."""
        return _in_currency(self.chargeback, currency)


def _in_currency(fee: Money, currency: str) -> Money:
    """Convert a fee at the day's rate; where there is none, the same number of the other currency's major units."""
    return exchanged(fee, currency) or Money.of(fee.decimal.normalize(), currency)
