"""Cost of sales follows when a shipment arrived and what its goods had cost; the two are heard in either order."""

from datetime import datetime

from pydantic import BaseModel

from functions.accounting.entities import HOME
from functions.accounting.ledger import Cause
from functions.accounting.legs import post_legs
from functions.accounting.stock_postings import costs, sold
from shared.events.envelope import Envelope
from shared.events.inventory import StockCommitted
from shared.events.shipment import ShipmentDelivered
from shared.storage import Document, Transaction
from shared.values.clock import Timestamp
from shared.values.money import Money


class GoodsIssue(BaseModel):
    """What an owner's goods that left with a shipment had cost, an amount per currency, by the event that told it."""

    event_id: str
    type: str
    owner: str = HOME
    amounts: tuple[Money, ...]


class ShipmentCosts(Document):
    """What is known of a shipment so far: its goods issues, when it arrived, and who sold it."""

    collection = "shipment_costs"
    key_field = "shipment_id"

    shipment_id: str
    order_id: str
    issues: tuple[GoodsIssue, ...] = ()
    delivered_at: Timestamp | None = None
    seller: str | None = None

    def book(self, tx: Transaction, now: datetime) -> None:
        """Book the cost of sales of what is known to have arrived, in the period in which it arrived."""
        if self.delivered_at is not None:
            for issue in self.issues:
                cause = Cause(event_id=issue.event_id, type=issue.type, at=self.delivered_at)
                post_legs(tx, cause, sold(issue.owner, issue.amounts, self.seller), self.order_id, now)


def record_issue(tx: Transaction, event: StockCommitted, envelope: Envelope, now: datetime) -> None:
    """Note what a shipment's goods had cost, and book it if they arrived."""
    known = _known(tx, event)
    if all(issue.event_id != envelope.id for issue in known.issues):
        known.issues += tuple(
            GoodsIssue(event_id=envelope.id, type=envelope.type, owner=owner, amounts=tuple(amounts))
            for owner, amounts in costs(event.lines).items()
        )
    tx.put(known)
    known.book(tx, now)


def record_arrival(tx: Transaction, event: ShipmentDelivered, envelope: Envelope, now: datetime) -> None:
    """Note that a shipment arrived, and book what its goods had cost as far as that is known."""
    known = _known(tx, event)
    if known.delivered_at is None:
        known.delivered_at, known.seller = envelope.time, event.seller
    tx.put(known)
    known.book(tx, now)


def _known(tx: Transaction, event: StockCommitted | ShipmentDelivered) -> ShipmentCosts:
    return tx.get(ShipmentCosts, event.shipment_id) or ShipmentCosts(
        shipment_id=event.shipment_id, order_id=event.order_id
    )
