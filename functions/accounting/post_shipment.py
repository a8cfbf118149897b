"""shipment.dispatched, shipment.delivered: finish and post the invoice; recognise revenue and cost of sales."""

from datetime import datetime

from functions.accounting.invoices import Invoice, draft_of, finished
from functions.accounting.ledger import Cause, post
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
    if isinstance(event, ShipmentDispatched):
        post(tx, Cause.of(envelope), "invoice", invoiced(event), event.order_id, now)
        _finish_invoice(tx, event, envelope, now)
    else:
        post(tx, Cause.of(envelope), "revenue", revenue(event), event.order_id, now)
        record_arrival(tx, event, envelope, now)


def _finish_invoice(tx: Transaction, event: ShipmentDispatched, envelope: Envelope, now: datetime) -> None:
    draft = draft_of(tx, event.order_id)
    invoice = finished(event, draft.bill_to, envelope.time, now)
    if tx.get(Invoice, invoice.invoice_id) is not None:
        return
    draft.parts += (invoice.invoice_id,)
    tx.put(draft)
    tx.create(invoice)
    tx.emit(
        InvoicePosted(
            order_id=event.order_id, shipment_id=event.shipment_id, invoice_id=invoice.invoice_id, total=event.total
        ),
        now,
    )
