"""GET /invoices/{invoice_id}: an invoice as it stands."""

from functions.accounting.invoice_answer import InvoiceAnswer, of_shipment
from functions.accounting.invoices import Invoice, InvoiceId
from shared.errors import NotFound
from shared.storage import Database


def get_invoice(invoice_id: InvoiceId, db: Database) -> InvoiceAnswer:
    """Return the invoice of a shipment; NotFound for an unknown one and for what has not left."""
    invoice = db.get(Invoice, invoice_id)
    if invoice is None:
        raise NotFound(f"no invoice {invoice_id}")
    return of_shipment(invoice)
