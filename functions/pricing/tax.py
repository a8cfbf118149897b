"""Which tax a destination asks for: US sales tax by state, VAT of the EU and the UK, nothing on exports elsewhere.

The tables' `about` says who the seller is and what follows from it. Rates are fractions ('0.0725').
"""

from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from functions.pricing.tables import DatedRow, Row, Table, in_force, read_table
from shared.errors import Invalid
from shared.values.address import Address


class TaxRow(DatedRow):
    """A jurisdiction's rate, and whether what the customer pays for shipping is taxed like the goods."""

    rate: Decimal
    shipping_taxed: bool


class Jurisdiction(Row):
    """A country or US state. `zip_prefixes`: '350-352' or '055', the first three digits of its ZIP codes."""

    name: str
    rows: tuple[TaxRow, ...]
    zip_prefixes: tuple[str, ...] = ()
    note: str | None = None


class TaxTable(Table):
    """The jurisdictions of one tax, by code."""

    jurisdictions: dict[str, Jurisdiction]


class Tax(NamedTuple):
    """What is charged: fractions of the net price of goods and of shipping."""

    goods_rate: Decimal
    shipping_rate: Decimal


EXPORT = Tax(Decimal(0), Decimal(0))


@cache
def vat_jurisdictions() -> dict[str, Jurisdiction]:
    """Return the countries whose VAT is charged, by ISO code."""
    return {
        **read_table(TaxTable, "eu_vat").jurisdictions,
        **read_table(TaxTable, "uk_vat").jurisdictions,
    }


class _States(NamedTuple):
    by_code: dict[str, Jurisdiction]
    code_of_name: dict[str, str]
    code_of_prefix: dict[str, str]


@cache
def us_states() -> _States:
    """Return the US states and DC, by code, by name in lower case, and by ZIP prefix."""
    by_code = read_table(TaxTable, "us_sales_tax").jurisdictions
    prefixes: dict[str, str] = {}
    for code, state in by_code.items():
        for span in state.zip_prefixes:
            first, last = int(span[:3]), int(span[-3:])
            prefixes.update((f"{number:03d}", code) for number in range(first, last + 1))
    return _States(by_code, {state.name.lower(): code for code, state in by_code.items()}, prefixes)


def tax_at(destination: Address, at: datetime) -> Tax:
    """Return the tax of a destination at a time; Invalid for a US address in no known state."""
    if destination.country == "US":
        jurisdiction = us_states().by_code[_state_code(destination)]
    elif destination.country in vat_jurisdictions():
        jurisdiction = vat_jurisdictions()[destination.country]
    else:
        return EXPORT
    row = in_force(jurisdiction.rows, at)
    return Tax(row.rate, row.rate if row.shipping_taxed else Decimal(0))


def _state_code(destination: Address) -> str:
    states = us_states()
    if not destination.state:
        code = states.code_of_prefix.get(destination.zip_code[:3])
    else:
        written = destination.state.strip()
        code = written.upper() if written.upper() in states.by_code else states.code_of_name.get(written.lower())
    if code is None:
        raise Invalid(
            ("shipping_address.state", "expected a US state or DC, such as CA; territories are countries here")
        )
    return code
