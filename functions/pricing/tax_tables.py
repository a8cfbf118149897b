"""The embedded tax tables: by jurisdiction, dated, each with its source. Read once per process."""

from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from functions.pricing.tables import DatedRow, Row, Table, read_table
from shared.errors import Invalid
from shared.values.address import Address


class TaxRow(DatedRow):
    """A jurisdiction's rate, and whether what the customer pays for shipping is taxed like the goods."""

    rate: Decimal
    shipping_taxed: bool


class Region(Row):
    """A part of a country by the beginnings of its postal codes; without rows it lies outside the VAT area."""

    name: str
    zip_prefixes: tuple[str, ...]
    rows: tuple[TaxRow, ...]
    note: str


class Jurisdiction(Row):
    """A country or US state. `zip_prefixes`: '350-352' or '055', the first three digits of its ZIP codes.

    `declared_in` is the country whose tax it is, where that is another one.
    """

    name: str
    rows: tuple[TaxRow, ...]
    zip_prefixes: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    declared_in: str | None = None
    note: str | None = None

    def region_of(self, zip_code: str) -> Region | None:
        """Return the part of the country with rates of its own in which a postal code lies."""
        if not self.regions:
            return None
        plain = zip_code.replace(" ", "")
        return next((each for each in self.regions if plain.startswith(each.zip_prefixes)), None)


class TaxTable(Table):
    """The jurisdictions of one tax, by code."""

    jurisdictions: dict[str, Jurisdiction]


@cache
def eu_table() -> TaxTable:
    """Return the table of the Union's value added tax."""
    return read_table(TaxTable, "eu_vat")


@cache
def uk_table() -> TaxTable:
    """Return the table of the United Kingdom's value added tax."""
    return read_table(TaxTable, "uk_vat")


@cache
def us_table() -> TaxTable:
    """Return the table of the states' sales taxes."""
    return read_table(TaxTable, "us_sales_tax")


def eu_countries() -> dict[str, Jurisdiction]:
    """Return the countries of the Union's VAT area, by ISO code."""
    return eu_table().jurisdictions


def uk_countries() -> dict[str, Jurisdiction]:
    """Return the countries of the United Kingdom's VAT area, by ISO code."""
    return uk_table().jurisdictions


class CodeRate(DatedRow):
    """A country's rate for a tax code, and the law."""

    rate: Decimal
    source: str


class Exemption(DatedRow):
    """A US state that leaves a tax code untaxed, and the law; `below` a price of one piece in USD, or at any price."""

    below: Decimal | None = None
    source: str


class TaxCode(Row):
    """A kind of goods that tax law tells apart."""

    name: str
    vat: dict[str, tuple[CodeRate, ...]] = {}
    us_exempt: dict[str, tuple[Exemption, ...]] = {}


class TaxCodes(Table):
    """The whole file."""

    codes: dict[str, TaxCode]


@cache
def tax_code_table() -> TaxCodes:
    """Return the table of the kinds of goods."""
    return read_table(TaxCodes, "tax_codes")


def tax_codes() -> dict[str, TaxCode]:
    """Return the kinds of goods, by code."""
    return tax_code_table().codes


class _States(NamedTuple):
    by_code: dict[str, Jurisdiction]
    code_of_name: dict[str, str]
    code_of_prefix: dict[str, str]


@cache
def us_states() -> _States:
    """Return the US states and DC, by code, by name in lower case, and by ZIP prefix."""
    by_code = us_table().jurisdictions
    prefixes: dict[str, str] = {}
    for code, state in by_code.items():
        for span in state.zip_prefixes:
            first, last = int(span[:3]), int(span[-3:])
            prefixes.update((f"{number:03d}", code) for number in range(first, last + 1))
    return _States(by_code, {state.name.lower(): code for code, state in by_code.items()}, prefixes)


def state_code(destination: Address) -> str:
    """Return the code of the state or district of a US address; Invalid if it lies in none."""
    code = _code_of(destination.state, "" if destination.state else destination.zip_code[:3])
    if code is None:
        raise Invalid(
            ("shipping_address.state", "expected a US state or DC, such as CA; territories are countries here")
        )
    return code


@lru_cache(maxsize=1024)
def _code_of(state: str | None, zip_prefix: str) -> str | None:
    states = us_states()
    if not state:
        return states.code_of_prefix.get(zip_prefix)
    written = state.strip()
    return written.upper() if written.upper() in states.by_code else states.code_of_name.get(written.lower())
