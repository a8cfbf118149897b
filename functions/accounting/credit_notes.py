"""Credit notes: what is owed back for goods that came back, by the invoices on which they were charged."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from functions.accounting.amounts import Amounts
from functions.accounting.invoices import BillTo, Invoice, ShippingTax, shipment_invoice_id
from shared.events.priced_order import ExchangeRate
from shared.events.returned_goods import ReturnLine
from shared.events.shipment import ShipmentLine, ShipmentReturned
from shared.storage import Document, Index, Transaction
from shared.values.address import Address
from shared.values.clock import Timestamp

CreditNoteId = Annotated[str, StringConstraints(pattern=r"^crn_[0-9A-Za-z-]{1,64}$")]


class Corrected(BaseModel):
    """An invoice that a credit note corrects (Directive 2006/112/EC, article 219)."""

    invoice_id: str
    number: str
    issued_at: Timestamp


class CreditNote(Document):
    """The credit note of one return: issued once its invoices are, with a number of its own."""

    collection = "credit_notes"
    key_field = "credit_note_id"
    indexes = (
        Index("status", "posted_at"),
        Index("currency", "status", "issued_at", sums=("total_minor",)),
        Index("order_id", "posted_at"),
    )

    credit_note_id: str
    order_id: str
    return_id: str
    status: Literal["finished", "issued"] = "finished"
    seller: str | None = None
    exchange_rate: ExchangeRate | None = None
    invoice_ids: tuple[str, ...]
    credited: Amounts
    currency: str
    total_minor: int
    returned_at: Timestamp
    posted_at: Timestamp
    corrects: tuple[Corrected, ...] = ()
    bill_to: BillTo | None = None
    ship_to: Address | None = None
    shipping_tax: ShippingTax = ShippingTax()
    series: str | None = None
    number: str | None = None
    issued_at: Timestamp | None = None


def credit_note_id(return_id: str) -> str:
    """Return the id of a return's credit note."""
    return f"crn_{return_id.removeprefix('ret_')}"


def credit_note(event: ShipmentReturned, returned_at: datetime, now: datetime) -> CreditNote:
    """Return the finished credit note of what came back."""
    return CreditNote(
        credit_note_id=credit_note_id(event.return_id),
        order_id=event.order_id,
        return_id=event.return_id,
        seller=event.seller,
        exchange_rate=event.exchange_rate,
        invoice_ids=tuple(dict.fromkeys(shipment_invoice_id(line.shipment_id) for line in event.lines)),
        credited=Amounts(
            lines=tuple(_line(line) for line in event.lines),
            shipping_net=event.shipping_net,
            shipping_tax=event.shipping_tax,
            total=event.total,
        ),
        currency=event.total.currency,
        total_minor=event.total.minor,
        returned_at=returned_at,
        posted_at=now,
    )


def refers(tx: Transaction, note: CreditNote) -> bool:
    """Make a credit note refer to its invoices and out to whom they are; False while one of them has no number."""
    invoices = [invoice for key in note.invoice_ids if (invoice := tx.get(Invoice, key)) and invoice.number]
    if len(invoices) < len(note.invoice_ids):
        return False
    first = invoices[0]
    note.corrects = tuple(
        Corrected(invoice_id=each.invoice_id, number=each.number, issued_at=each.issued_at) for each in invoices
    )
    note.bill_to, note.ship_to, note.shipping_tax = first.bill_to, first.ship_to, first.shipping_tax
    lines = tuple(_explained(line, invoices) for line in note.credited.lines)
    note.credited = note.credited.model_copy(update={"lines": lines})
    return True


def _line(line: ReturnLine) -> ShipmentLine:
    return ShipmentLine.model_validate(line.model_dump())


def _explained(line: ShipmentLine, invoices: Sequence[Invoice]) -> ShipmentLine:
    """Take from the invoice why the rate applied."""
    charged = [each for invoice in invoices for each in invoice.charged.lines]
    found = next((each for each in charged if (each.sku, each.tax_rate) == (line.sku, line.tax_rate)), line)
    known = {"tax_treatment": found.tax_treatment, "jurisdiction": line.jurisdiction or found.jurisdiction}
    return line.model_copy(update=known)
