"""The embedded tax tables: by jurisdiction, dated, each with its source. Read once per process."""

from decimal import Decimal
from functools import cache
from typing import NamedTuple

from functions.pricing.tables import DatedRow, Row, Table, read_table
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


@cache
def eu_countries() -> dict[str, Jurisdiction]:
    """Return the countries of the Union's VAT area, by ISO code."""
    return read_table(TaxTable, "eu_vat").jurisdictions


@cache
def uk_countries() -> dict[str, Jurisdiction]:
    """Return the countries of the United Kingdom's VAT area, by ISO code."""
    return read_table(TaxTable, "uk_vat").jurisdictions


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


def state_code(destination: Address) -> str:
    """Return the code of the state or district of a US address; Invalid if it lies in none."""
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
