"""shipment.returned: revenue and tax are taken back, the customer is owed a refund, a credit note is made."""

from datetime import datetime

from functions.accounting.credit_notes import CreditNote, credit_note, credit_note_id
from functions.accounting.functional_currency import Books
from functions.accounting.ledger import Cause, post
from functions.accounting.postings import returned
from shared.events import Envelope
from shared.events.shipment import ShipmentReturned
from shared.storage import Transaction


def post_return(event: ShipmentReturned, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Book what came back, once; the credit note gets its number after its invoices have theirs."""
    books = Books.of(event.seller, event.exchange_rate, event.total.currency)
    post(tx, Cause.of(envelope), "credit_note", returned(event), event.order_id, now, books)
    if tx.get(CreditNote, credit_note_id(event.return_id)) is None:
        tx.create(credit_note(event, envelope.time, now))
