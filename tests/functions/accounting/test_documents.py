"""Invoices and credit notes as customers get them: what tax law asks for is there, in HTML and in PDF alike."""

import io
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pypdf import PdfReader

from functions.accounting.document import Document, invoice_document
from functions.accounting.get_credit_note_document import get_credit_note_document
from functions.accounting.get_invoice import get_invoice
from functions.accounting.get_invoice_document import get_invoice_document
from functions.accounting.invoices import Invoice
from functions.accounting.number_invoices import number_invoices
from functions.accounting.taxes import currency_of
from functions.accounting.wording import TERMS
from functions.crm.customer import Terms
from shared.errors import NotFound
from shared.events.shipment import ShipmentDispatched
from shared.storage import Database
from shared.values.address import Address
from shared.values.money import Money
from tests.functions.accounting import european_order as eu
from tests.functions.accounting import one_order as o
from tests.functions.accounting.bookkeeping import tell

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
DUSSELDORF = Address(street_address="Hafenstraße 12", city="Düsseldorf", country="DE", zip_code="40221")


def taxed(event: ShipmentDispatched, seller: str, treatment: str, jurisdiction: str, **more: Any) -> ShipmentDispatched:
    why = {"tax_treatment": treatment, "jurisdiction": jurisdiction}
    lines = tuple(line.model_copy(update=why) for line in event.lines)
    return event.model_copy(update={"lines": lines, "seller": seller, **more})


def untaxed(event: ShipmentDispatched, seller: str, treatment: str, to: Address) -> ShipmentDispatched:
    none = o.usd("0.00")
    lines = tuple(line.model_copy(update={"tax": none, "tax_rate": "0"}) for line in event.lines)
    less = {"goods_tax": none, "shipping_tax": none, "total": event.goods_net + event.shipping_net}
    whole = event.model_copy(update={"lines": lines, "shipping_address": to, **less})
    return taxed(whole, seller, treatment, to.country)


def document(db: Database, event: ShipmentDispatched) -> Document:
    confirmed = eu.confirmed() if event.order_id == eu.ORDER else o.confirmed()
    tell(db, o.told(confirmed, "evt_1"), AT)
    tell(db, o.told(event, "evt_2", 1), AT)
    number_invoices(db, AT)
    return get_invoice_document(f"inv_{event.shipment_id.removeprefix('shp_')}", db)


def texts(page: Document) -> list[str]:
    """The document's words as HTML and as PDF, spaces and line breaks as one space."""
    pages = PdfReader(io.BytesIO(page.to_pdf())).pages
    found = [page.to_html(), " ".join(each.extract_text() for each in pages)]
    return [" ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()) for text in found]


def assert_says(page: Document, *expected: str) -> None:
    for text in texts(page):
        for words in expected:
            assert words in text, text


def test_an_american_invoice(db: Database) -> None:
    page = document(db, taxed(o.dispatched(o.FREIGHT), "ob-us", "us_nexus", "US-CA"))

    assert (page.number, page.issued_on, page.supplied_on) == ("ob-us-2026-000001", AT.date(), o.START.date())
    assert (page.net, page.tax, page.total) == (o.usd("544.03"), o.usd("39.44"), o.usd("583.47"))
    [row] = page.taxes
    assert (row.jurisdiction, row.rate, row.net, row.tax, row.local_tax) == (
        "US-CA",
        "0.0725",
        o.usd("544.03"),
        o.usd("39.44"),
        None,
    )
    assert_says(page, "Invoice", "ob-us-2026-000001", "Online Boutique Inc.", "EIN: 00-0000000", "Nov 20, 2026")
    assert_says(page, "Ada Lovelace", "9 Billing Road", "Reno, NV 89501", "Mountain View, CA 94043")
    assert_says(page, "Sofa", "FURN-001", "$484.03", "7.25%", "$35.09", "$519.12", "Shipping", "$60.00", "$64.35")
    assert_says(page, "California, United States", "$544.03", "$39.44", "$583.47", "Paid by card")
    answer = get_invoice(o.FREIGHT_INVOICE, db)
    assert (answer.number, answer.seller, answer.total) == ("ob-us-2026-000001", "ob-us", o.usd("583.47"))


def test_an_intra_community_supply_names_both_vat_ids_and_why_no_vat_is_charged(db: Database) -> None:
    page = document(db, untaxed(o.dispatched(o.FREIGHT), "ob-eu", "intra_community", DUSSELDORF))
    business = page.bill_to
    assert business is not None
    page = page.model_copy(update={"bill_to": business.model_copy(update={"numbers": {"VAT": "DE136695976"}})})

    assert (page.number, page.tax, page.total) == ("ob-eu-2026-000001", o.usd("0.00"), o.usd("544.03"))
    assert_says(page, "Online Boutique Europe B.V.", "VAT: NL000099998B57", "VAT: DE136695976", "40221 Düsseldorf")
    assert_says(page, "Article 138 Directive 2006/112/EC", "Reverse charge", "20 Nov 2026")
    for text in texts(page):
        assert "IOSS" not in text
        assert "GB VAT" not in text
        assert "In local currency" not in text


def test_several_rates_in_the_countrys_own_currency(db: Database) -> None:
    page = document(db, eu.dispatched())

    assert [(row.rate, row.net.amount, row.tax.amount, row.local_tax) for row in page.taxes] == [
        ("0.25", "450.00", "112.50", None),
        ("0.06", "200.00", "12.00", None),
    ]
    assert_says(page, "112.50 SEK", "12.00 SEK", "774.50 SEK", "25%", "6%", "Union one-stop shop", "Malmö")


def test_vat_is_also_told_in_the_currency_of_its_country(db: Database) -> None:
    page = document(db, taxed(eu.dispatched(), "ob-eu", "oss", "NL"))

    shown = {(row.jurisdiction, row.rate): row.local_tax for row in page.taxes}
    assert shown["NL", "0.25"] == Money.of("9.31", "EUR"), "100.00 SEK at 9.50 and 1.1305"
    assert shown["NL", "0.06"] == Money.of("1.12", "EUR")
    assert_says(page, "In local currency", "9.31 €", "1.12 €")
    assert_says(page, "1 USD = 9.50 SEK (European Central Bank, 19 Nov 2026)")


@pytest.mark.parametrize(
    ("seller", "treatment", "words"),
    [
        ("ob-eu", "export", "Export, exempt: Article 146 Directive 2006/112/EC."),
        ("ob-us", "export", "Export: no sales tax is charged on goods that leave the United States."),
        ("ob-us", "us_no_nexus", "No sales tax is collected: the seller has no nexus in the state of arrival."),
    ],
)
def test_says_why_no_tax_is_charged(db: Database, seller: str, treatment: str, words: str) -> None:
    assert_says(document(db, untaxed(o.dispatched(), seller, treatment, DUSSELDORF)), words)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ("prepaid", "Paid by card: charged when the goods leave."),
        ("net_14", "Payable within 14 days of the date of this invoice; what the card was charged is paid."),
        ("net_30", "Payable within 30 days of the date of this invoice; what the card was charged is paid."),
    ],
)
def test_says_in_words_when_it_is_due(db: Database, terms: Terms, words: str) -> None:
    document(db, o.dispatched())
    invoice = db.get(Invoice, f"inv_{o.dispatched().shipment_id.removeprefix('shp_')}")
    assert invoice is not None
    agreed = invoice.model_copy(update={"bill_to": invoice.bill_to.model_copy(update={"terms": terms})})
    assert_says(invoice_document(agreed), words)
    assert all("net_" not in text for text in texts(invoice_document(agreed)))
    assert set(get_args(Terms)) == set(TERMS), "whatever crm may agree to has its words"


def test_a_credit_note_names_the_invoice_that_it_corrects(db: Database) -> None:
    document(db, eu.dispatched())
    tell(db, o.told(eu.returned(), "evt_3", 2), AT)
    number_invoices(db, AT)
    page = get_credit_note_document(eu.CREDIT_NOTE, db)

    assert (page.number, page.net, page.tax) == ("ob-eu-C-2026-000001", eu.sek("200.00"), eu.sek("50.00"))
    assert_says(page, "Credit note", "ob-eu-C-2026-000001", "Corrects invoice ob-eu-2026-000001", "Ada Lovelace")
    assert_says(page, "Total credited", "250.00 SEK", "given back on the card")


def test_a_name_is_text_and_never_markup(db: Database) -> None:
    page = document(db, eu.dispatched())
    assert page.bill_to is not None
    evil = page.bill_to.model_copy(update={"name": "<script>alert(1)</script> & Żółć"})
    page = page.model_copy(update={"bill_to": evil})

    html, pdf = texts(page)
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Żółć" in html
    assert "default-src 'none'" in html
    assert "<script>alert(1)</script> & Żółć" in pdf


def test_the_same_document_gives_the_same_bytes(db: Database) -> None:
    page = document(db, eu.dispatched())

    assert page.to_pdf() == page.to_pdf()
    assert page.to_pdf()[:5] == b"%PDF-"


def test_fifty_lines_go_over_to_another_page_with_headings(db: Database) -> None:
    page = document(db, eu.dispatched())
    long = page.model_copy(update={"lines": page.lines * 16})

    pages = PdfReader(io.BytesIO(long.to_pdf())).pages
    assert len(pages) == 2
    assert "Description" in pages[1].extract_text()
    assert "2 / 2" in pages[1].extract_text()


def test_what_has_not_left_or_come_back_has_no_document(db: Database) -> None:
    tell(db, o.told(o.confirmed(), "evt_1"), AT)
    for read in (get_invoice, get_invoice_document, get_credit_note_document):
        with pytest.raises(NotFound):
            read(o.DRAFT, db)


@pytest.mark.parametrize(("country", "currency"), [("NL", "EUR"), ("SE", "SEK"), ("GB", "GBP"), ("BG", "EUR")])
def test_the_currency_of_a_country(country: str, currency: str) -> None:
    assert currency_of(country, AT) == currency
