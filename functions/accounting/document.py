"""An invoice or credit note as a customer gets it: as JSON, as HTML and as PDF."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from functions.accounting.amounts import Amounts
from functions.accounting.credit_notes import CreditNote
from functions.accounting.entities import Entity, entity
from functions.accounting.invoices import BillTo, Invoice, ShippingTax
from functions.accounting.taxes import TaxRow, shipping_of, tax_summary
from functions.accounting.wording import reason, terms
from shared.events.priced_order import ExchangeRate
from shared.http.models import Answer
from shared.values.address import Address
from shared.values.money import Money, total
from shared.values.personal import PersonalText


class Party(BaseModel):
    """Who sells or buys, with its tax and trade numbers by kind."""

    name: PersonalText
    address: Address
    numbers: dict[str, str] = {}


class DocumentLine(BaseModel):
    """A line of goods or of shipping; gross = net + tax."""

    description: str
    sku: str | None = None
    quantity: int | None = None
    net: Money
    tax_rate: str | None
    tax: Money
    gross: Money


class Document(Answer):
    """Everything that is printed. Without `number` it is a draft that nobody is sent.

    `corrects` are the numbers and days of the invoices that a credit note is about; `remarks` are whole sentences.
    """

    kind: Literal["invoice", "credit_note"]
    number: str | None
    issued_on: date | None
    supplied_on: date
    order_id: str
    reference: str
    seller: Party
    bill_to: Party | None
    ship_to: Address | None
    lines: list[DocumentLine]
    taxes: list[TaxRow]
    net: Money
    tax: Money
    total: Money
    exchange_rate: ExchangeRate | None
    corrects: dict[str, date] = {}
    remarks: list[str]

    def to_html(self) -> str:
        """Return one page of HTML that needs nothing else."""
        from functions.accounting.document_html import html  # noqa: PLC0415

        return html(self)

    def to_pdf(self) -> bytes:
        """Return PDF on A4, or on US letter if the seller is American."""
        from functions.accounting.document_pdf import pdf  # noqa: PLC0415

        return pdf(self)


def invoice_document(invoice: Invoice) -> Document:
    """Return what an invoice says."""
    seller = entity(invoice.seller)
    taxes = tax_summary(invoice.charged, invoice.shipping_tax, invoice.exchange_rate, invoice.supplied_at)
    return Document(
        kind="invoice",
        number=invoice.number,
        issued_on=_day(invoice.issued_at),
        supplied_on=invoice.supplied_at.date(),
        order_id=invoice.order_id,
        reference=invoice.shipment_id,
        seller=_seller(seller, taxes),
        bill_to=_buyer(invoice.bill_to),
        ship_to=invoice.ship_to,
        exchange_rate=invoice.exchange_rate,
        remarks=[*_reasons(taxes, seller.country), terms(invoice.bill_to.terms)],
        taxes=taxes,
        **_amounts(invoice.charged, invoice.shipping_tax),
    )


def credit_note_document(note: CreditNote) -> Document:
    """Return what a credit note says."""
    seller = entity(note.seller)
    taxes = tax_summary(note.credited, note.shipping_tax, note.exchange_rate, note.returned_at)
    return Document(
        kind="credit_note",
        number=note.number,
        issued_on=_day(note.issued_at),
        supplied_on=note.returned_at.date(),
        order_id=note.order_id,
        reference=note.return_id,
        seller=_seller(seller, taxes),
        bill_to=_buyer(note.bill_to) if note.bill_to else None,
        ship_to=note.ship_to,
        exchange_rate=note.exchange_rate,
        corrects={each.number: each.issued_at.date() for each in note.corrects},
        remarks=[*_reasons(taxes, seller.country), "The total is given back on the card that was charged."],
        taxes=taxes,
        **_amounts(note.credited, note.shipping_tax),
    )


def _amounts(amounts: Amounts, shipping: ShippingTax) -> dict[str, list[DocumentLine] | Money]:
    """Return lines and totals."""
    lines = [
        DocumentLine(
            description=line.name,
            sku=line.sku,
            quantity=line.quantity,
            net=line.net,
            tax_rate=line.tax_rate,
            tax=line.tax,
            gross=line.net + line.tax,
        )
        for line in amounts.lines
    ]
    if amounts.shipping_net or amounts.shipping_tax:
        rate, net, tax = shipping_of(amounts, shipping).rate, amounts.shipping_net, amounts.shipping_tax
        lines.append(DocumentLine(description="Shipping", net=net, tax_rate=rate, tax=tax, gross=net + tax))
    currency = amounts.total.currency
    return {
        "lines": lines,
        "net": total([line.net for line in lines], currency),
        "tax": total([line.tax for line in lines], currency),
        "total": amounts.total,
    }


def _seller(seller: Entity, taxes: list[TaxRow]) -> Party:
    """Return the seller with its own numbers and those of the countries whose tax it charges here ('GB VAT').

    The IOSS number is for carriers and customs, not for customers.
    """
    countries = {row.jurisdiction for row in taxes}
    numbers = {
        kind: number
        for kind, number in seller.registrations.items()
        if kind != "IOSS" and (" " not in kind or kind.partition(" ")[0] in countries)
    }
    return Party(name=seller.legal_name, address=seller.address, numbers=numbers)


def _buyer(bill_to: BillTo) -> Party:
    numbers = {"VAT": bill_to.vat_id} if bill_to.vat_id else {}
    return Party(name=bill_to.name, address=bill_to.address, numbers=numbers)


def _reasons(taxes: list[TaxRow], seller_country: str) -> list[str]:
    found = dict.fromkeys(reason(row.treatment, seller_country) for row in taxes)
    return [text for text in found if text]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
