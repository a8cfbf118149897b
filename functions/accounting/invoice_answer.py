"""An invoice as it is answered."""

from typing import Literal

from functions.accounting.amounts import Amounts
from functions.accounting.entities import HOME
from functions.accounting.invoices import BillTo, Invoice, InvoiceDraft
from shared.events.shipment import ShipmentLine
from shared.http.models import Answer
from shared.values.clock import Timestamp
from shared.values.money import Money


class InvoiceAnswer(Answer):
    """An invoice as it stands: a `draft` until it has a number; `posted_at` tells that it is finished and booked.

    `seller` is the entity that sells; a draft has none before anything left.
    """

    invoice_id: str
    order_id: str
    shipment_id: str | None = None
    status: Literal["draft", "issued"]
    number: str | None = None
    series: str | None = None
    seller: str | None = None
    bill_to: BillTo | None
    lines: tuple[ShipmentLine, ...]
    shipping: Money
    shipping_tax: Money
    total: Money
    drafted_at: Timestamp | None = None
    supplied_at: Timestamp | None = None
    posted_at: Timestamp | None = None
    issued_at: Timestamp | None = None


def of_draft(draft: InvoiceDraft, left: Amounts) -> InvoiceAnswer:
    """Return what of a draft is left."""
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


def of_shipment(invoice: Invoice) -> InvoiceAnswer:
    """Return the invoice of a shipment."""
    return InvoiceAnswer(
        invoice_id=invoice.invoice_id,
        order_id=invoice.order_id,
        shipment_id=invoice.shipment_id,
        status="issued" if invoice.status == "issued" else "draft",
        number=invoice.number,
        series=invoice.series,
        seller=invoice.seller or HOME,
        bill_to=invoice.bill_to,
        lines=invoice.charged.lines,
        shipping=invoice.charged.shipping_net,
        shipping_tax=invoice.charged.shipping_tax,
        total=invoice.charged.total,
        supplied_at=invoice.supplied_at,
        posted_at=invoice.posted_at,
        issued_at=invoice.issued_at,
    )
