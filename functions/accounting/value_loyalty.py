"""customer.loyalty_valued: what customers may still spend in points is owed to them."""

from datetime import datetime

from functions.accounting import accounts
from functions.accounting.functional_currency import Books
from functions.accounting.ledger import Cause, post
from functions.accounting.sides import signed
from shared.events import Envelope
from shared.events.customer import CustomerLoyaltyValued
from shared.storage import Document, Transaction
from shared.values.clock import Timestamp
from shared.values.money import Money


class LoyaltyValuation(Document):
    """The newest valuation that is in the books."""

    collection = "loyalty_valuations"
    key_field = "program"

    program: str = "points"
    valuation_id: str
    value: Money
    valued_at: Timestamp


def value_loyalty(event: CustomerLoyaltyValued, envelope: Envelope, tx: Transaction, now: datetime) -> None:
    """Book the difference to the last valuation in the home entity's books; an older one tells nothing new."""
    last = tx.get(LoyaltyValuation, "points")
    if last is not None and last.valued_at >= event.valued_at:
        return
    grown = event.value - last.value if last else event.value
    tx.put(LoyaltyValuation(valuation_id=event.valuation_id, value=event.value, valued_at=event.valued_at))
    postings = [signed(accounts.DISCOUNTS, grown), signed(accounts.LOYALTY_LIABILITY, -grown)]
    post(tx, Cause.of(envelope), "loyalty", postings, None, now, Books.of(None))
