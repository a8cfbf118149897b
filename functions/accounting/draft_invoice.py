"""order.confirmed, order.approved: draft the order's invoice, made out to the customer's billing profile."""

from datetime import datetime

from functions.accounting.amounts import ordered
from functions.accounting.invoices import BillTo, Invoice, InvoiceDraft, ShippingTax, draft_id, draft_of
from shared.calls import Calls
from shared.events import Envelope
from shared.events.invoice import InvoiceDrafted
from shared.events.order import OrderApproved, OrderConfirmed
from shared.events.priced_order import PricedOrder
from shared.http.models import Receipt, View
from shared.storage import Database, Transaction
from shared.values.address import Address
from shared.values.personal import Email, PersonalText


class BillingProfile(View):
    """Whom crm says to invoice."""

    customer_id: str
    name: PersonalText
    email: Email
    vat_id: str | None = None
    terms: str = "prepaid"
    billing_address: Address | None = None


def draft_invoice(
    event: OrderConfirmed | OrderApproved,
    envelope: Envelope,
    db: Database,
    call: Calls,
    receipt: Receipt,
    now: datetime,
) -> None:
    """Draft: no number, nothing posted. Shipments that were heard of before are split off at once."""
    known = db.get(InvoiceDraft, draft_id(event.order_id))
    bill_to = known.bill_to if known else None
    if bill_to is None:
        customer = event.order.customer.id
        bill_to = _bill_to(call.get("crm", f"/customers/{customer}/billing-profile", BillingProfile), event.order)

    def write(tx: Transaction) -> None:
        _draft(tx, event.order, bill_to, envelope, now)
        receipt.record(tx)

    db.transact(write, deferrable=True)


def _draft(tx: Transaction, order: PricedOrder, bill_to: BillTo, envelope: Envelope, now: datetime) -> None:
    draft = draft_of(tx, order.order_id)
    if draft.drafted_at is not None or draft.voided_at is not None:
        return
    draft.ordered, draft.bill_to, draft.drafted_at = ordered(order), bill_to, now
    draft.shipping_taxes = {
        charge.fulfilment: ShippingTax(
            rate=charge.tax_rate, treatment=charge.tax_treatment, jurisdiction=charge.jurisdiction
        )
        for charge in order.shipping_charges
    }
    tx.put(draft)
    for invoice_id in draft.parts:
        _make_out(tx, invoice_id, draft)
    tx.emit(InvoiceDrafted(order_id=order.order_id, invoice_id=draft.invoice_id, total=order.total), now)


def _make_out(tx: Transaction, invoice_id: str, draft: InvoiceDraft) -> None:
    """Make an invoice that waited out to the billing profile; a numbered one never changes."""
    invoice = tx.get(Invoice, invoice_id)
    if invoice is not None and invoice.status == "unaddressed":
        invoice.make_out(draft)
        tx.put(invoice)


def _bill_to(profile: BillingProfile, order: PricedOrder) -> BillTo:
    """Take crm's profile; the address, and a VAT id if there is one, are those given with the order."""
    return BillTo(
        customer_id=profile.customer_id,
        name=profile.name,
        email=profile.email,
        vat_id=order.customer.vat_id or profile.vat_id,
        terms=profile.terms,
        address=order.billing_address,
    )
