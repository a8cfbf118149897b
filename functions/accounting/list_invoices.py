"""GET /invoices?order_id=: what of an order is still drafted, and the invoices of its shipments."""

from typing import Literal

from functions.accounting.invoices import Amounts, BillTo, Invoice, InvoiceDraft, draft_id, remainder
from shared.events.shipment import ShipmentLine
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class InvoiceAnswer(Answer):
    """An invoice as it stands: a `draft` until it has a number; `posted_at` tells that it is finished and booked."""

    invoice_id: str
    order_id: str
    shipment_id: str | None = None
    status: Literal["draft", "issued"]
    number: str | None = None
    series: str | None = None
    bill_to: BillTo | None
    lines: tuple[ShipmentLine, ...]
    shipping: Money
    shipping_tax: Money
    total: Money
    drafted_at: Timestamp | None = None
    supplied_at: Timestamp | None = None
    posted_at: Timestamp | None = None
    issued_at: Timestamp | None = None


class Invoices(Items):
    """The invoices of an order; their totals sum to its total once it is heard of, unless it is cancelled."""

    items: list[InvoiceAnswer]


def list_invoices(order_id: OrderId, db: Database) -> Invoices:
    """List the draft's remainder, if any, and the shipments' invoices; nothing for an unknown order."""
    draft = db.get(InvoiceDraft, draft_id(order_id))
    if draft is None:
        return Invoices(items=[])
    parts = [invoice for invoice in db.get_many(Invoice, draft.parts) if invoice is not None]
    items = [_of_shipment(invoice) for invoice in parts]
    if draft.ordered is not None and draft.voided_at is None:
        left = remainder(draft.ordered, [invoice.charged for invoice in parts])
        items = [*([_of_draft(draft, left)] if left else []), *items]
    return Invoices(items=items)


def _of_draft(draft: InvoiceDraft, left: Amounts) -> InvoiceAnswer:
    return InvoiceAnswer(
        invoice_id=draft.invoice_id,
        order_id=draft.order_id,
        status="draft",
        bill_to=draft.bill_to,
        lines=left.lines,
        shipping=left.shipping_net,
        shipping_tax=left.shipping_tax,
        total=left.total,
        drafted_at=draft.drafted_at,
    )


def _of_shipment(invoice: Invoice) -> InvoiceAnswer:
    return InvoiceAnswer(
        invoice_id=invoice.invoice_id,
        order_id=invoice.order_id,
        shipment_id=invoice.shipment_id,
        status="issued" if invoice.status == "issued" else "draft",
        number=invoice.number,
        series=invoice.series,
        bill_to=invoice.bill_to,
        lines=invoice.charged.lines,
        shipping=invoice.charged.shipping_net,
        shipping_tax=invoice.charged.shipping_tax,
        total=invoice.charged.total,
        supplied_at=invoice.supplied_at,
        posted_at=invoice.posted_at,
        issued_at=invoice.issued_at,
    )
