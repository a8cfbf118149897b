"""Money and goods of an order are booked with its seller; what comes before the seller is known waits on the draft."""

from datetime import datetime

from functions.accounting.functional_currency import Books
from functions.accounting.invoices import InvoiceDraft, OrderSale, Waiting, draft_id, draft_of
from functions.accounting.ledger import Cause
from functions.accounting.legs import Leg, post_legs
from functions.accounting.payments import applied, captured, charged_back, refunded
from functions.accounting.stock_postings import put_back
from shared.events import Envelope, event_class
from shared.events.inventory import StockReturned
from shared.events.payment import PaymentApplied, PaymentCaptured, PaymentChargedBack, PaymentRefunded
from shared.storage import Transaction
from shared.telemetry.about import KEPT, note_effect

OrderFact = PaymentCaptured | PaymentApplied | PaymentRefunded | PaymentChargedBack | StockReturned


def book_fact(tx: Transaction, event: OrderFact, envelope: Envelope, now: datetime) -> None:
    """Book a fact of an order of which something left; else keep it until then."""
    known = tx.get(OrderSale, draft_id(event.order_id))
    if known is not None and known.sale is not None:
        post_legs(tx, Cause.of(envelope), _legs(event, known.sale.books), event.order_id, now)
        return
    note_effect(KEPT)
    draft = draft_of(tx, event.order_id)
    if all(each.event_id != envelope.id for each in draft.waiting):
        fact = Waiting(event_id=envelope.id, type=envelope.type, at=envelope.time, data=event.model_dump(mode="json"))
        draft.waiting += (fact,)
        tx.put(draft)


def book_waiting(tx: Transaction, draft: InvoiceDraft, books: Books, now: datetime) -> None:
    """Book what waited for the seller; the caller writes the draft."""
    for each in draft.waiting:
        event: OrderFact = event_class(each.type).model_validate(each.data)  # type: ignore[assignment]
        cause = Cause(event_id=each.event_id, type=each.type, at=each.at)
        post_legs(tx, cause, _legs(event, books), draft.order_id, now)
    draft.waiting = ()


def _legs(event: OrderFact, seller: Books) -> list[Leg]:
    match event:
        case PaymentCaptured():
            return captured(event, seller)
        case PaymentApplied():
            return applied(event, seller)
        case PaymentRefunded():
            return refunded(event, seller)
        case PaymentChargedBack():
            return charged_back(event, seller)
        case _:
            return put_back(event, seller)
