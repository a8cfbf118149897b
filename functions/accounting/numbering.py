"""Numbers: a gap-free series per entity, year and kind of document: `ob-us-2026-000001`, `ob-us-C-2026-000001`."""

from datetime import datetime

from functions.accounting.credit_notes import CreditNote, refers
from functions.accounting.entities import HOME
from functions.accounting.invoices import Invoice
from shared.events.invoice import InvoiceCredited, InvoiceIssued
from shared.storage import Document, Transaction


class InvoiceSeries(Document):
    """A series of numbers, and the last one given in it."""

    collection = "invoice_series"
    key_field = "series"

    series: str
    last: int = 0


def number_in_turn(tx: Transaction, kind: type[Invoice] | type[CreditNote], keys: list[str], now: datetime) -> None:
    """Give numbers to those that still wait; what another run numbered meanwhile is passed over."""
    counted: dict[str, InvoiceSeries] = {}
    for key in keys:
        document = tx.get(kind, key)
        if document is None or document.status == "issued" or not _ready(tx, document):
            continue
        name = _series(document, now)
        series = counted.get(name) or tx.get(InvoiceSeries, name) or InvoiceSeries(series=name)
        counted[name] = series
        series.last += 1
        document.status, document.series, document.issued_at = "issued", name, now
        document.number = f"{name}-{series.last:06d}"
        tx.put(document)
        tx.emit(_told(document), now)
    for series in counted.values():
        tx.put(series)


def _ready(tx: Transaction, document: Invoice | CreditNote) -> bool:
    return isinstance(document, Invoice) or refers(tx, document)


def _series(document: Invoice | CreditNote, now: datetime) -> str:
    kind = "" if isinstance(document, Invoice) else "C-"
    return f"{document.seller or HOME}-{kind}{now.year}"


def _told(document: Invoice | CreditNote) -> InvoiceIssued | InvoiceCredited:
    assert document.number and document.series
    if isinstance(document, Invoice):
        return InvoiceIssued(
            order_id=document.order_id,
            shipment_id=document.shipment_id,
            invoice_id=document.invoice_id,
            number=document.number,
            series=document.series,
            total=document.charged.total,
        )
    return InvoiceCredited(
        order_id=document.order_id,
        return_id=document.return_id,
        credit_note_id=document.credit_note_id,
        number=document.number,
        series=document.series,
        total=document.credited.total,
    )
