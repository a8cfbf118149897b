"""A document in the words and figures that are printed, in English as the seller's country writes it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pycountry
from babel.dates import format_date
from babel.numbers import format_currency, format_percent

from functions.accounting.document import Document, Party
from functions.accounting.taxes import TaxRow
from shared.values.address import Address
from shared.values.money import Money


@dataclass(frozen=True)
class Printed:
    """What both HTML and PDF print: blocks of lines, tables of cells. The last cells of a row are figures."""

    title: str
    number: str
    locale: str
    paper: str
    seller: list[str]
    bill_to: list[str]
    ship_to: list[str]
    facts: list[tuple[str, str]]
    headings: list[str]
    rows: list[list[str]]
    tax_headings: list[str]
    tax_rows: list[list[str]]
    totals: list[tuple[str, str]]
    remarks: list[str]


def printed(document: Document) -> Printed:
    """Write everything out."""
    american = document.seller.address.country == "US"
    writer = _Writer("en_US" if american else "en_150", "Sales tax" if american else "VAT")
    title = "Invoice" if document.kind == "invoice" else "Credit note"
    return Printed(
        title=title if document.number else f"Draft {title.lower()}",
        number=document.number or "",
        locale=writer.locale.replace("_", "-"),
        paper="letter" if american else "a4",
        seller=writer.party(document.seller),
        bill_to=writer.party(document.bill_to) if document.bill_to else [],
        ship_to=writer.address(document.ship_to) if document.ship_to else [],
        facts=writer.facts(document),
        headings=["Description", "SKU", "Quantity", "Net", f"{writer.tax} rate", writer.tax, "Total"],
        rows=[
            [
                line.description,
                line.sku or "",
                str(line.quantity or ""),
                writer.money(line.net),
                writer.percent(line.tax_rate),
                writer.money(line.tax),
                writer.money(line.gross),
            ]
            for line in document.lines
        ],
        tax_headings=[writer.tax, "Rate", "Net", writer.tax, *(["In local currency"] if _local(document) else [])],
        tax_rows=[writer.tax_row(row, local=_local(document)) for row in document.taxes],
        totals=[
            ("Net", writer.money(document.net)),
            (writer.tax, writer.money(document.tax)),
            ("Total" if document.kind == "invoice" else "Total credited", writer.money(document.total)),
        ],
        remarks=[*document.remarks, *writer.conversion(document)],
    )


def _local(document: Document) -> bool:
    return any(row.local_tax for row in document.taxes)


@dataclass(frozen=True)
class _Writer:
    locale: str
    tax: str

    def money(self, amount: Money) -> str:
        return format_currency(amount.decimal, amount.currency, locale=self.locale)

    def percent(self, rate: str | None) -> str:
        return format_percent(Decimal(rate), format="#,##0.###%", locale=self.locale) if rate is not None else ""

    def day(self, day: date) -> str:
        return format_date(day, locale=self.locale)

    def party(self, party: Party) -> list[str]:
        numbers = [f"{kind}: {number}" for kind, number in party.numbers.items()]
        return [party.name, *self.address(party.address), *numbers]

    def address(self, address: Address) -> list[str]:
        american = address.country == "US"
        place = [address.city, f"{address.state or ''} {address.zip_code}".strip()]
        town = ", ".join(place) if american else " ".join(part for part in (address.zip_code, address.city) if part)
        region = [address.state] if address.state and not american else []
        return [address.street_address, town, *region, country(address.country)]

    def facts(self, document: Document) -> list[tuple[str, str]]:
        """Return dates and references: article 226 (1), (2) and (7)."""
        credit = document.kind == "credit_note"
        issued = [("Date", self.day(document.issued_on))] if document.issued_on else []
        return [
            *issued,
            ("Returned on" if credit else "Date of supply", self.day(document.supplied_on)),
            ("Order", document.order_id),
            ("Return" if credit else "Shipment", document.reference),
            *((f"Corrects invoice {number}", f"of {self.day(day)}") for number, day in document.corrects.items()),
        ]

    def tax_row(self, row: TaxRow, *, local: bool) -> list[str]:
        mine = [self.money(row.local_tax) if row.local_tax else ""] if local else []
        return [jurisdiction(row), self.percent(row.rate), self.money(row.net), self.money(row.tax), *mine]

    def conversion(self, document: Document) -> list[str]:
        """Return the rate at which tax was converted (article 91)."""
        rate = document.exchange_rate
        if not _local(document):
            return []
        if rate is None:
            return ["Tax in local currency is converted at reference rates of the European Central Bank."]
        day = self.day(rate.date)
        return [
            f"Tax in local currency is converted at 1 {rate.base} = {rate.rate} {document.total.currency} "
            f"({rate.provider}, {day}) and reference rates of the European Central Bank."
        ]


def country(code: str) -> str:
    """Return a country's English name."""
    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", found.name)) if found else code


def jurisdiction(row: TaxRow) -> str:
    """Return whose tax it is, in words."""
    code = row.jurisdiction
    if code is None:
        return "Tax"
    if "-" not in code:
        return country(code)
    found = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
    return f"{found.name}, {country(code[:2])}" if found else code
