"""GET /credit-notes?order_id=: what of an order is owed back, return by return."""

from typing import Literal

from functions.accounting.credit_notes import Corrected, CreditNote
from functions.accounting.entities import HOME
from functions.accounting.invoices import BillTo
from shared.events.shipment import ShipmentLine
from shared.http.models import Answer, Items
from shared.storage import Database
from shared.values.clock import Timestamp
from shared.values.identifiers import OrderId
from shared.values.money import Money


class CreditNoteAnswer(Answer):
    """A credit note as it stands: a `draft` until it has a number, `posted_at` tells when it was booked.

    `corrects` names the invoices, `bill_to` whom they were made out to; both come with the number.
    """

    credit_note_id: str
    order_id: str
    return_id: str
    status: Literal["draft", "issued"]
    number: str | None
    series: str | None
    seller: str
    bill_to: BillTo | None
    corrects: tuple[Corrected, ...]
    lines: tuple[ShipmentLine, ...]
    shipping: Money
    shipping_tax: Money
    total: Money
    returned_at: Timestamp
    posted_at: Timestamp
    issued_at: Timestamp | None


class CreditNotes(Items):
    """The credit notes of an order, oldest first."""

    items: list[CreditNoteAnswer]


def list_credit_notes(order_id: OrderId, db: Database, cursor: str | None = None) -> CreditNotes:
    """List credit notes; nothing for an order of which nothing came back."""
    page = db.query(CreditNote, order_id=order_id, order_by="posted_at", cursor=cursor)
    return CreditNotes(items=[_shown(note) for note in page.items], next_cursor=page.next_cursor)


def _shown(note: CreditNote) -> CreditNoteAnswer:
    return CreditNoteAnswer(
        credit_note_id=note.credit_note_id,
        order_id=note.order_id,
        return_id=note.return_id,
        status="issued" if note.status == "issued" else "draft",
        number=note.number,
        series=note.series,
        seller=note.seller or HOME,
        bill_to=note.bill_to,
        corrects=note.corrects,
        lines=note.credited.lines,
        shipping=note.credited.shipping_net,
        shipping_tax=note.credited.shipping_tax,
        total=note.credited.total,
        returned_at=note.returned_at,
        posted_at=note.posted_at,
        issued_at=note.issued_at,
    )
