"""What each event of sales means to the books: pure rules from an event to balanced postings, in its own amounts."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from functions.accounting import accounts
from functions.accounting.sides import credit, debit
from shared.events.journal import Posting
from shared.events.shipment import ShipmentDelivered, ShipmentDispatched, ShipmentReturned
from shared.values.money import Money


class Taxed(Protocol):
    """A line that says how much tax it holds, and whose."""

    @property
    def tax(self) -> Money:
        """The line's tax."""

    @property
    def jurisdiction(self) -> str | None:
        """Whose tax it is."""


def invoiced(event: ShipmentDispatched) -> list[Posting]:
    """Return the sale at dispatch: the customer owes the total; we owe goods, shipping and tax."""
    whose = event.shipping_jurisdiction or _of_goods(event.lines)
    taxes = taxes_of(event.lines, event.shipping_tax, whose)
    return [
        debit(accounts.RECEIVABLES, event.total),
        credit(accounts.CONTRACT_LIABILITIES, event.goods_net + event.shipping_net),
        *(credit(account, tax) for account, tax in taxes.items()),
    ]


def revenue(event: ShipmentDelivered) -> list[Posting]:
    """Return the revenue at delivery, when control passes to the customer (IFRS 15.31)."""
    return [
        debit(accounts.CONTRACT_LIABILITIES, event.goods_net + event.shipping_net),
        credit(accounts.REVENUE_GOODS, event.goods_net),
        credit(accounts.REVENUE_SHIPPING, event.shipping_net),
    ]


def returned(event: ShipmentReturned) -> list[Posting]:
    """Return the credit note: revenue and tax are taken back, the customer gets the total (IFRS 15.B20)."""
    taxes = taxes_of(event.lines, event.shipping_tax, _of_goods(event.lines))
    return [
        debit(accounts.SALES_RETURNS, event.goods_net + event.shipping_net),
        *(debit(account, tax) for account, tax in taxes.items()),
        credit(accounts.REFUND_LIABILITY, event.total),
    ]


def taxes_of(lines: Iterable[Taxed], shipping_tax: Money, shipping_jurisdiction: str | None) -> dict[str, Money]:
    """Return the tax of goods and shipping by the account of whose it is."""
    found: dict[str, Money] = {}
    for jurisdiction, tax in [
        *((line.jurisdiction, line.tax) for line in lines),
        (shipping_jurisdiction, shipping_tax),
    ]:
        account = accounts.tax_owed(jurisdiction)
        found[account] = found[account] + tax if account in found else tax
    return found


def _of_goods(lines: Sequence[Taxed]) -> str | None:
    """Return whose the tax of the goods is: shipping's, too, where the event does not say (Directive 2006/112, 78)."""
    return next((line.jurisdiction for line in lines), None)
