"""Invoices: the draft of an order, the invoices of its shipments, and what of the draft is left.

    order confirmed        draft of the whole order
    a shipment leaves      an invoice of that shipment: finished, posted, not yet numbered; the draft shrinks by it
    every minute           finished invoices get their numbers: issued

A shipment's invoice is finished from the shipment alone. If its order is not heard of yet it is `unaddressed`: it waits
for the billing profile, for UNADDRESSED at most, and is made out to the recipient after that.
"""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from functions.accounting.amounts import Amounts
from functions.accounting.functional_currency import Books
from shared.events.priced_order import ExchangeRate, TaxTreatment
from shared.events.shipment import ShipmentDispatched
from shared.storage import Document, Index, Transaction
from shared.values.address import Address
from shared.values.clock import Timestamp
from shared.values.personal import Email, PersonalText

InvoiceId = Annotated[str, StringConstraints(pattern=r"^inv_[0-9A-Za-z-]{1,64}$")]
UNADDRESSED = timedelta(minutes=15)
"""How long an invoice waits for its order's billing profile."""


class BillTo(BaseModel):
    """Who is invoiced."""

    customer_id: str
    name: PersonalText
    email: Email
    vat_id: str | None = None
    terms: str = "prepaid"
    address: Address


class Sale(BaseModel):
    """In whose books an order is, and the rate of its currency; told by the first shipment that left."""

    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    currency: str

    @property
    def books(self) -> Books:
        """The seller's books for the order's amounts."""
        return Books.of(self.seller, self.exchange_rate, self.currency)


class Waiting(BaseModel):
    """An event of money or goods that came before the order's first shipment was heard of."""

    event_id: str
    type: str
    at: Timestamp
    data: dict[str, Any]


class Reduction(BaseModel):
    """Pieces that will never be charged, under their natural key."""

    reduction_id: str
    amounts: Amounts


class ShippingTax(BaseModel):
    """At which rate, why and for whom shipping is taxed; nothing of it before the order is heard of."""

    rate: str | None = None
    treatment: TaxTreatment | None = None
    jurisdiction: str | None = None


_UNTOLD = ShippingTax()


class InvoiceDraft(Document):
    """An order's draft, the invoices split from it and what waits; only the latter before the order is heard of."""

    collection = "invoice_drafts"
    key_field = "invoice_id"
    current_schema = 2

    invoice_id: str
    order_id: str
    ordered: Amounts | None = None
    shipping_taxes: dict[str, ShippingTax] = {}
    """By fulfilment."""
    bill_to: BillTo | None = None
    parts: tuple[str, ...] = ()
    """Ids of the shipment invoices split from this draft."""
    reductions: tuple[Reduction, ...] = ()
    sale: Sale | None = None
    waiting: tuple[Waiting, ...] = ()
    drafted_at: Timestamp | None = None
    voided_at: Timestamp | None = None

    @classmethod
    def upgrade(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Before schema 2 the home entity sold everything, and captures did not wait."""
        return {**data, "sale": {"currency": ""}} if data.get("parts") else data


class OrderSale(Document):
    """The part of an order's draft that tells who sold: cheap to read, never to be written."""

    model_config = ConfigDict(extra="ignore", frozen=True, defer_build=True)

    collection = InvoiceDraft.collection
    key_field = "invoice_id"
    current_schema = InvoiceDraft.current_schema

    invoice_id: str
    sale: Sale | None = None

    @classmethod
    def upgrade(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Upgrade as the draft does."""
        return InvoiceDraft.upgrade(data)


class Invoice(Document):
    """The invoice of one shipment: finished when made, issued once it has its number; its amounts never change."""

    collection = "invoices"
    key_field = "invoice_id"
    indexes = (Index("status", "posted_at"), Index("currency", "status", "issued_at", sums=("total_minor",)))

    invoice_id: str
    order_id: str
    shipment_id: str
    status: Literal["unaddressed", "finished", "issued"] = "finished"
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    fulfilment: str | None = None
    shipping_tax: ShippingTax = _UNTOLD
    bill_to: BillTo
    ship_to: Address | None = None
    charged: Amounts
    currency: str
    total_minor: int
    supplied_at: Timestamp
    """When the shipment left."""
    posted_at: Timestamp
    series: str | None = None
    number: str | None = None
    issued_at: Timestamp | None = None

    def make_out(self, draft: InvoiceDraft) -> None:
        """Take from the draft, as far as it is known, who is billed and how shipping is taxed."""
        if draft.bill_to is not None:
            self.bill_to, self.status = draft.bill_to, "finished"
            self.shipping_tax = draft.shipping_taxes.get(self.fulfilment or "", self.shipping_tax)


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


def finished(event: ShipmentDispatched, draft: InvoiceDraft, supplied_at: Timestamp, now: Timestamp) -> Invoice:
    """Return the invoice of a shipment; without a billing profile it is made out to whom the shipment went."""
    told = ShippingTax(jurisdiction=event.shipping_jurisdiction) if event.shipping_jurisdiction else _UNTOLD
    return Invoice(
        invoice_id=shipment_invoice_id(event.shipment_id),
        order_id=event.order_id,
        shipment_id=event.shipment_id,
        status="finished" if draft.bill_to else "unaddressed",
        seller=event.seller,
        exchange_rate=event.exchange_rate,
        fulfilment=event.fulfilment,
        shipping_tax=draft.shipping_taxes.get(event.fulfilment, told),
        bill_to=draft.bill_to or _recipient(event),
        ship_to=event.shipping_address,
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


def _recipient(event: ShipmentDispatched) -> BillTo:
    return BillTo(
        customer_id=event.customer_id, name=event.first_name, email=event.email, address=event.shipping_address
    )
