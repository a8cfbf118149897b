"""Every minute: give finished invoices their numbers, gap-free in each series (PROMISES 13)."""

from datetime import datetime

from functions.accounting.invoices import Invoice
from shared.events.invoice import InvoiceIssued
from shared.storage import Database, Document, Transaction

AT_ONCE = 200
"""Invoices in one transaction: each is a document and an event, and a commit holds 500 writes."""
ROUNDS = 50
"""Transactions in one run; what is left waits for the next."""


class InvoiceSeries(Document):
    """A series of invoice numbers: the year of issue, and the last number given in it."""

    collection = "invoice_series"
    key_field = "series"

    series: str
    last: int = 0


def number_invoices(db: Database, now: datetime) -> None:
    """Give numbers to finished invoices, oldest first. Two runs at once leave no gap and give no number twice."""
    for _ in range(ROUNDS):
        waiting = db.query(Invoice, status="finished", order_by="posted_at", limit=AT_ONCE)
        keys = [invoice.invoice_id for invoice in waiting.items]
        if keys:
            db.transact(lambda tx, keys=keys: _number(tx, keys, now))  # type: ignore[misc]
        if waiting.next_cursor is None:
            return


def _number(tx: Transaction, keys: list[str], now: datetime) -> None:
    """Give numbers to those that still wait; what another run numbered meanwhile is passed over."""
    name = f"{now.year}"
    series = tx.get(InvoiceSeries, name) or InvoiceSeries(series=name)
    before = series.last
    for key in keys:
        invoice = tx.get(Invoice, key)
        if invoice is not None and invoice.status == "finished":
            series.last += 1
            _issue(tx, invoice, name, series.last, now)
    if series.last > before:
        tx.put(series)


def _issue(tx: Transaction, invoice: Invoice, series: str, count: int, now: datetime) -> None:
    invoice.status, invoice.series, invoice.issued_at = "issued", series, now
    invoice.number = f"{series}-{count:06d}"
    tx.put(invoice)
    tx.emit(
        InvoiceIssued(
            order_id=invoice.order_id,
            shipment_id=invoice.shipment_id,
            invoice_id=invoice.invoice_id,
            number=invoice.number,
            series=series,
            total=invoice.charged.total,
        ),
        now,
    )
