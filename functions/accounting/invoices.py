"""Invoices: the draft of an order, the invoices of its shipments, and what of the draft is left.

    order confirmed        draft of the whole order
    a shipment leaves      an invoice of that shipment: finished, posted, not yet numbered; the draft shrinks by it
    every minute           finished invoices get their numbers: issued

A shipment's invoice is finished from the shipment alone; the order's draft may be heard of later and is split then.
"""

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from shared.events.priced_order import PricedOrder
from shared.events.shipment import ShipmentDispatched, ShipmentLine
from shared.storage import Document, Index, Transaction
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.money import Money, total
from shared.values.personal import Email, PersonalText


class BillTo(BaseModel):
    """Who is invoiced."""

    customer_id: str
    name: PersonalText
    email: Email
    vat_id: str | None = None
    terms: str = "prepaid"
    address: Address


class Amounts(BaseModel):
    """What an invoice charges; total = lines' net + tax + shipping_net + shipping_tax."""

    lines: tuple[ShipmentLine, ...]
    shipping_net: Money
    shipping_tax: Money
    total: Money


class InvoiceDraft(Document):
    """An order's draft and the invoices split from it; only the latter before the order is heard of."""

    collection = "invoice_drafts"
    key_field = "invoice_id"

    invoice_id: str
    order_id: str
    ordered: Amounts | None = None
    bill_to: BillTo | None = None
    parts: tuple[str, ...] = ()
    """Ids of the shipment invoices split from this draft."""
    drafted_at: Timestamp | None = None
    voided_at: Timestamp | None = None


class Invoice(Document):
    """The invoice of one shipment: finished when made, issued once it has its number; its amounts never change."""

    collection = "invoices"
    key_field = "invoice_id"
    indexes = (Index("status", "posted_at"), Index("currency", "status", "issued_at"))

    invoice_id: str
    order_id: str
    shipment_id: str
    status: Literal["finished", "issued"] = "finished"
    bill_to: BillTo
    charged: Amounts
    currency: str
    total_minor: int
    supplied_at: Timestamp
    """When the shipment left."""
    posted_at: Timestamp
    series: str | None = None
    number: str | None = None
    issued_at: Timestamp | None = None


def draft_id(order_id: str) -> str:
    """Return the id of an order's draft."""
    return f"inv_{order_id.removeprefix('ord_')}"


def shipment_invoice_id(shipment_id: str) -> str:
    """Return the id of a shipment's invoice."""
    return f"inv_{shipment_id.removeprefix('shp_')}"


def draft_of(tx: Transaction, order_id: str) -> InvoiceDraft:
    """Return an order's draft as it is known, or a new one."""
    key = draft_id(order_id)
    return tx.get(InvoiceDraft, key) or InvoiceDraft(invoice_id=key, order_id=order_id)


def ordered(order: PricedOrder) -> Amounts:
    """Return what the whole order charges, line by line."""
    return Amounts(
        lines=tuple(
            ShipmentLine(
                sku=line.sku,
                name=line.name,
                quantity=line.quantity,
                net=line.total - line.tax,
                tax=line.tax,
                tax_rate=line.tax_rate,
            )
            for line in order.lines
        ),
        shipping_net=order.shipping,
        shipping_tax=order.shipping_tax,
        total=order.total,
    )


def finished(event: ShipmentDispatched, bill_to: BillTo | None, supplied_at: Timestamp, now: Timestamp) -> Invoice:
    """Return the finished invoice of a shipment; without a billing profile it is made out to whom the shipment went."""
    return Invoice(
        invoice_id=shipment_invoice_id(event.shipment_id),
        order_id=event.order_id,
        shipment_id=event.shipment_id,
        bill_to=bill_to or _recipient(event),
        charged=Amounts(
            lines=event.lines,
            shipping_net=event.shipping_net,
            shipping_tax=event.shipping_tax,
            total=event.total,
        ),
        currency=event.total.currency,
        total_minor=event.total.minor,
        supplied_at=supplied_at,
        posted_at=now,
    )


def remainder(whole: Amounts, parts: Sequence[Amounts]) -> Amounts | None:
    """Return what of an order is not invoiced yet, lines of one SKU as one, or None if nothing is."""
    left: dict[tuple[str, str], ShipmentLine] = {}
    for line in whole.lines:
        left.setdefault((line.sku, line.tax_rate), line)
    for key, first in left.items():
        same = [line for line in whole.lines if (line.sku, line.tax_rate) == key]
        gone = [line for part in parts for line in part.lines if (line.sku, line.tax_rate) == key]
        left[key] = first.model_copy(
            update={
                "quantity": sum(line.quantity for line in same) - sum(line.quantity for line in gone),
                "net": _difference([line.net for line in same], [line.net for line in gone]),
                "tax": _difference([line.tax for line in same], [line.tax for line in gone]),
            }
        )
    lines = tuple(line for line in left.values() if line.quantity or line.net or line.tax)
    amounts = Amounts(
        lines=lines,
        shipping_net=_difference([whole.shipping_net], [part.shipping_net for part in parts]),
        shipping_tax=_difference([whole.shipping_tax], [part.shipping_tax for part in parts]),
        total=_difference([whole.total], [part.total for part in parts]),
    )
    return amounts if lines or amounts.total else None


def _difference(had: Sequence[Money], gone: Sequence[Money]) -> Money:
    currency = had[0].currency
    return total(had, currency) - total(gone, currency)


def _recipient(event: ShipmentDispatched) -> BillTo:
    return BillTo(
        customer_id=event.customer_id, name=event.first_name, email=event.email, address=event.shipping_address
    )
