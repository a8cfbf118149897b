"""GET /tax-tables: which taxes apply, with the source and day of each table, for people who must vouch for them."""

from collections.abc import Iterator
from datetime import date

from functions.pricing.entities import entities
from functions.pricing.tax_tables import Jurisdiction, Region, TaxTable, eu_table, tax_code_table, uk_table, us_table
from shared.http.models import Answer, Items


class AppliedRate(Answer):
    """A rate (a fraction) of a jurisdiction ('NL', 'US-CA'; a region of one by its name) from a day on.

    Without `tax_code` it is for all goods that no other row names. `rate` is null where a region lies outside the tax's
    area; `below` is the price of one piece (USD) up to which, but not including it, the row holds.
    """

    jurisdiction: str
    name: str
    tax_code: str | None = None
    valid_from: date | None = None
    rate: str | None = None
    shipping_taxed: bool | None = None
    collected: bool = True
    below: str | None = None
    note: str | None = None


class PublishedTaxTable(Answer):
    """A table: what it is, whence and of when."""

    table: str
    about: str
    source: str
    as_of: date
    rates: list[AppliedRate]


class TaxTables(Items):
    """All tables; always one page."""

    items: list[PublishedTaxTable]


def list_tax_tables() -> TaxTables:
    """Return every tax table. `collected` is false where nothing is charged: in states in which no entity has nexus."""
    nexus = {state for entity in entities() for state in entity.nexus_states}
    codes = tax_code_table()
    return TaxTables(
        items=[
            _published("us_sales_tax", us_table(), _states(us_table(), nexus)),
            _published("eu_vat", eu_table(), _countries(eu_table())),
            _published("uk_vat", uk_table(), _countries(uk_table())),
            PublishedTaxTable(
                table="tax_codes", about=codes.about, source=codes.source, as_of=codes.as_of, rates=list(_by_code())
            ),
        ]
    )


def _published(name: str, table: TaxTable, rates: Iterator[AppliedRate]) -> PublishedTaxTable:
    return PublishedTaxTable(table=name, about=table.about, source=table.source, as_of=table.as_of, rates=list(rates))


def _states(table: TaxTable, nexus: set[str]) -> Iterator[AppliedRate]:
    for code, state in table.jurisdictions.items():
        for row in state.rows:
            yield AppliedRate(
                jurisdiction=f"US-{code}",
                name=state.name,
                valid_from=row.valid_from,
                rate=str(row.rate),
                shipping_taxed=row.shipping_taxed,
                collected=code in nexus,
                note=state.note,
            )


def _countries(table: TaxTable) -> Iterator[AppliedRate]:
    for code, country in table.jurisdictions.items():
        whose = country.declared_in or code
        parts: tuple[Jurisdiction | Region, ...] = (country, *country.regions)
        for part in parts:
            for row in part.rows:
                yield AppliedRate(
                    jurisdiction=whose,
                    name=part.name,
                    valid_from=row.valid_from,
                    rate=str(row.rate),
                    shipping_taxed=row.shipping_taxed,
                    note=part.note,
                )
            if not part.rows:
                yield AppliedRate(jurisdiction=whose, name=part.name, note=part.note, collected=False)


def _by_code() -> Iterator[AppliedRate]:
    for code, kind in tax_code_table().codes.items():
        for country, rates in kind.vat.items():
            for rate in rates:
                yield AppliedRate(
                    jurisdiction=country,
                    name=kind.name,
                    tax_code=code,
                    valid_from=rate.valid_from,
                    rate=str(rate.rate),
                    note=rate.source,
                )
        for state, exemptions in kind.us_exempt.items():
            for row in exemptions:
                yield AppliedRate(
                    jurisdiction=f"US-{state}",
                    name=kind.name,
                    tax_code=code,
                    valid_from=row.valid_from,
                    rate="0",
                    below=str(row.below) if row.below is not None else None,
                    note=row.source,
                )
