"""GET /invoices?order_id=: what of an order is still drafted, and the invoices of its shipments."""

from functions.accounting.amounts import remainder
from functions.accounting.invoice_answer import InvoiceAnswer, of_draft, of_shipment
from functions.accounting.invoices import Invoice, InvoiceDraft, draft_id
from shared.http.models import Items
from shared.storage import Database
from shared.values.identifiers import OrderId


class Invoices(Items):
    """The invoices of an order.

    Once it is heard of they sum to its total, less what will never be charged, unless it is cancelled.
    """

    items: list[InvoiceAnswer]


def list_invoices(order_id: OrderId, db: Database) -> Invoices:
    """List the draft's remainder, if any, and the shipments' invoices; nothing for an unknown order."""
    draft = db.get(InvoiceDraft, draft_id(order_id))
    if draft is None:
        return Invoices(items=[])
    parts = [invoice for invoice in db.get_many(Invoice, draft.parts) if invoice is not None]
    items = [of_shipment(invoice) for invoice in parts]
    if draft.ordered is not None and draft.voided_at is None:
        gone = [*(invoice.charged for invoice in parts), *(each.amounts for each in draft.reductions)]
        left = remainder(draft.ordered, gone)
        items = [*([of_draft(draft, left)] if left else []), *items]
    return Invoices(items=items)
