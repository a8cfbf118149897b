"""What an invoice must say of tax: base and tax of each rate, whose it is, why, and the tax in that country's currency.

Directive 2006/112/EC, articles 226 (8)-(11a) and 230; US states ask for the tax as a line of its own.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from functions.accounting.amounts import Amounts
from functions.accounting.functional_currency import Books
from functions.accounting.invoices import ShippingTax
from shared.events.priced_order import ExchangeRate, TaxTreatment
from shared.values.currency import MINOR_DIGITS
from shared.values.money import Money

_EURO_SINCE_2026 = {"BG"}
"""Council Decision (EU) 2025/1407; the territory data of CLDR 47 still has the lev."""


class TaxRow(BaseModel):
    """Everything at one rate of one jurisdiction; `local_tax` is there if that country has another currency."""

    jurisdiction: str | None
    rate: str | None
    treatment: TaxTreatment | None
    net: Money
    tax: Money
    local_tax: Money | None = None


def tax_summary(
    amounts: Amounts, shipping: ShippingTax, exchange_rate: ExchangeRate | None, supplied_at: datetime
) -> list[TaxRow]:
    """Return a row per jurisdiction, rate and reason, in the order of the lines, shipping last."""
    found: dict[tuple[str | None, str | None, str | None], TaxRow] = {}
    for each in [*_of_lines(amounts), *_of_shipping(amounts, shipping)]:
        key = each.jurisdiction, each.rate, each.treatment
        row = found.get(key)
        found[key] = row.model_copy(update={"net": row.net + each.net, "tax": row.tax + each.tax}) if row else each
    return [
        row.model_copy(update={"local_tax": _local(row.tax, row.jurisdiction, exchange_rate, supplied_at)})
        for row in found.values()
    ]


def shipping_of(amounts: Amounts, shipping: ShippingTax) -> ShippingTax:
    """Return how shipping is taxed.

    What the order does not say is as with the goods: of the same rate, or whose rate gives exactly this tax.
    """
    rates = [shipping.rate] if shipping.rate is not None else [line.tax_rate for line in amounts.lines]
    rate = next((each for each in rates if amounts.shipping_net.times(Decimal(each)) == amounts.shipping_tax), None)
    alike = next((line for line in amounts.lines if line.tax_rate == rate), None)
    return ShippingTax(
        rate=shipping.rate or rate or (None if amounts.shipping_tax else "0"),
        treatment=shipping.treatment or (alike.tax_treatment if alike else None),
        jurisdiction=shipping.jurisdiction or (alike.jurisdiction if alike else None),
    )


def _of_lines(amounts: Amounts) -> Iterable[TaxRow]:
    for line in amounts.lines:
        yield TaxRow(
            jurisdiction=line.jurisdiction,
            rate=line.tax_rate,
            treatment=line.tax_treatment,
            net=line.net,
            tax=line.tax,
        )


def _of_shipping(amounts: Amounts, shipping: ShippingTax) -> Iterable[TaxRow]:
    if amounts.shipping_net or amounts.shipping_tax:
        how = shipping_of(amounts, shipping)
        yield TaxRow(
            jurisdiction=how.jurisdiction,
            rate=how.rate,
            treatment=how.treatment,
            net=amounts.shipping_net,
            tax=amounts.shipping_tax,
        )


def _local(tax: Money, jurisdiction: str | None, rate: ExchangeRate | None, at: datetime) -> Money | None:
    """Return tax in the currency of its country (article 230), at the order's rate."""
    if not tax or jurisdiction is None or jurisdiction.startswith("US"):
        return None
    currency = currency_of(jurisdiction, at)
    if currency is None or currency == tax.currency:
        return None
    value = Books.of(None, rate, tax.currency).in_currency(currency).value(tax)
    return value if value.currency == currency else None


def currency_of(country: str, at: datetime) -> str | None:
    """Return the currency of a country on a day."""
    from babel.numbers import get_territory_currencies  # noqa: PLC0415  (10 MB that only documents need)

    if country in _EURO_SINCE_2026 and at.year >= 2026:
        return "EUR"
    found = get_territory_currencies(country, at.date(), at.date())
    return next((str(each) for each in found if each in MINOR_DIGITS), None)
