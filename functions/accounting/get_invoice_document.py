"""GET /invoices/{invoice_id}/document: an invoice as the customer gets it, as JSON, HTML or PDF by Accept."""

from functions.accounting.document import Document, invoice_document
from functions.accounting.invoices import Invoice, InvoiceId
from shared.errors import NotFound
from shared.storage import Database


def get_invoice_document(invoice_id: InvoiceId, db: Database) -> Document:
    """Return the document of a shipment's invoice; NotFound for an unknown one and for what has not left."""
    invoice = db.get(Invoice, invoice_id)
    if invoice is None:
        raise NotFound(f"no invoice {invoice_id}")
    return invoice_document(invoice)
