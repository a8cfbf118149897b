"""The daily review of tiers: whose spend changed since the last one, and whose spend is a year old now."""

from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar, Literal

from functions.crm.belonging import Belonging
from functions.crm.customer import Customer
from functions.crm.loyalty import BASE_CURRENCY, SPEND_COUNTS_YEARS, Tier, tier_of, years_from
from functions.crm.purchases import Purchase, opening_purchase
from shared.events.customer import CustomerTierChanged
from shared.storage import Database, Document, Index, Transaction
from shared.values.clock import Timestamp
from shared.values.identifiers import CustomerId, new_id
from shared.values.money import Money

_OVERLAP = timedelta(hours=1)
"""A purchase is stamped before it is committed: a review looks back so far behind the last one's end."""

Phase = Literal["changed", "grown_old"]


class TierChange(Belonging):
    """A customer's tier became another."""

    collection: ClassVar[str] = "tier_changes"
    key_field: ClassVar[str] = "change_id"
    indexes: ClassVar[tuple[Index, ...]] = (Index("customer_id", "at"), Index("at"))

    change_id: str
    customer_id: CustomerId
    before: Tier
    after: Tier
    spend_minor: int
    at: Timestamp


class TierReview(Document):
    """How far the daily review is. `until` is the moment of the one under way, None when it is done."""

    collection: ClassVar[str] = "tier_reviews"
    key_field: ClassVar[str] = "name"

    name: str = "daily"
    done_until: Timestamp | None = None
    until: Timestamp | None = None
    phase: Phase = "changed"
    cursor: str | None = None

    def begin(self, now: datetime) -> bool:
        """Begin today's if none is under way; False if there is nothing to do until tomorrow."""
        if self.until is None and (self.done_until is None or self.done_until.date() < now.date()):
            self.until, self.phase, self.cursor = now, "changed", None
        return self.until is not None

    def page(self, db: Database, limit: int) -> tuple[set[str], datetime]:
        """Return the customers on the next page and the moment to review them as of; move on."""
        if self.until is None:
            raise ValueError("no review is under way")
        as_of, since = self.until, self.done_until - _OVERLAP if self.done_until else None
        until, by = as_of, "changed_at"
        if self.phase == "grown_old":
            until, by = years_from(until, -SPEND_COUNTS_YEARS), "counted_at"
            since = years_from(since, -SPEND_COUNTS_YEARS) if since else None
        page = db.query(Purchase, order_by=by, since=since, until=until, limit=limit, cursor=self.cursor)
        self._move_on(page.next_cursor)
        return {each.customer_id for each in page.items}, as_of

    def _move_on(self, cursor: str | None) -> None:
        self.cursor = cursor
        if cursor is None and self.phase == "changed":
            self.phase = "grown_old"
        elif cursor is None:
            self.done_until, self.until = self.until, None


def twelve_months_spend(db: Database, customer_id: str, as_of: datetime) -> Money:
    """Add up what was delivered within twelve months, less what of it was refunded, in USD."""
    since = years_from(as_of, -SPEND_COUNTS_YEARS) + timedelta(microseconds=1)
    totals = db.aggregate(Purchase, sums=["spend_minor"], order_by="counted_at", since=since, customer_id=customer_id)
    return Money(BASE_CURRENCY, totals.sums["spend_minor"])


def review_tier(db: Database, customer_id: str, as_of: datetime, now: datetime) -> None:
    """Give a customer the tier that their spend earns; a merged record and an unknown id have none."""
    customer = db.get(Customer, customer_id)
    if customer is None:
        return
    if customer.unbooked_minor:
        book_opening(db, customer_id, now)
    spend = twelve_months_spend(db, customer_id, as_of)
    if tier_of(spend) != customer.tier:
        db.transact(partial(_change, customer_id=customer_id, spend=spend, now=now))


def _change(tx: Transaction, customer_id: str, spend: Money, now: datetime) -> None:
    customer, after = tx.get(Customer, customer_id), tier_of(spend)
    if customer is None or customer.merged_into is not None or customer.tier == after:
        return
    before = customer.tier
    tx.put(customer.model_copy(update={"tier": after}))
    tx.create(
        TierChange(
            change_id=new_id("trc", now),
            customer_id=customer_id,
            before=before,
            after=after,
            spend_minor=spend.minor,
            at=now,
        )
    )
    tx.emit(CustomerTierChanged(customer_id=customer_id, before=before, after=after, spend=spend), now)


def book_opening(db: Database, customer_id: str, now: datetime) -> None:
    """Book the spend that an older document held itself, as of when the customer was registered; once."""

    def book(tx: Transaction) -> None:
        customer = tx.get(Customer, customer_id)
        if customer is not None and customer.unbooked_minor:
            tx.create(opening_purchase(customer_id, customer.unbooked_minor, customer.since, now))
            tx.put(customer.model_copy(update={"unbooked_minor": 0}))

    db.transact(book)
