"""shipment.dispatched, shipment.delivered: finish and post the invoice; recognise revenue and cost of sales."""

from datetime import datetime

from functions.accounting.functional_currency import Books
from functions.accounting.invoices import Invoice, Sale, draft_of, finished
from functions.accounting.ledger import Cause, post
from functions.accounting.order_facts import book_waiting
from functions.accounting.postings import invoiced, revenue
from functions.accounting.shipment_costs import record_arrival
from shared.events import Envelope
from shared.events.invoice import InvoicePosted
from shared.events.shipment import ShipmentDelivered, ShipmentDispatched
from shared.storage import Transaction


def post_shipment(
    event: ShipmentDispatched | ShipmentDelivered, envelope: Envelope, tx: Transaction, now: datetime
) -> None:
    """Book what a shipment's leaving or arriving means; in any order, and once."""
    books = Books.of(event.seller, event.exchange_rate, event.total.currency)
    if isinstance(event, ShipmentDispatched):
        post(tx, Cause.of(envelope), "invoice", invoiced(event), event.order_id, now, books)
        _finish_invoice(tx, event, envelope, now, books)
    else:
        post(tx, Cause.of(envelope), "revenue", revenue(event), event.order_id, now, books)
        record_arrival(tx, event, envelope, now)


def _finish_invoice(
    tx: Transaction, event: ShipmentDispatched, envelope: Envelope, now: datetime, books: Books
) -> None:
    draft = draft_of(tx, event.order_id)
    invoice = finished(event, draft, envelope.time, now)
    if tx.get(Invoice, invoice.invoice_id) is not None:
        return
    draft.parts += (invoice.invoice_id,)
    if draft.sale is None:
        draft.sale = Sale(seller=event.seller, exchange_rate=event.exchange_rate, currency=event.total.currency)
    book_waiting(tx, draft, books, now)
    tx.put(draft)
    tx.create(invoice)
    tx.emit(
        InvoicePosted(
            order_id=event.order_id, shipment_id=event.shipment_id, invoice_id=invoice.invoice_id, total=event.total
        ),
        now,
    )
