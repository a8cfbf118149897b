"""Transfers: documents of pieces that were sent from one location to another."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from shared.http.models import Answer, Items
from shared.storage import Database, Document, Index
from shared.values.clock import Timestamp

Status = Literal["in_transit", "received"]
TransferId = Annotated[str, StringConstraints(pattern=r"^trf_[0-9A-Za-z-]{1,60}$")]


class Transfer(Document):
    """Pieces on the way, or arrived; `received` and what follows are null while in transit."""

    collection = "transfers"
    key_field = "transfer_id"
    indexes = (Index("status", "sent_at"),)

    transfer_id: str
    sku: str
    quantity: int
    from_location: str
    to_location: str
    status: Status = "in_transit"
    sent_by: str
    sent_at: Timestamp
    received: int | None = None
    received_by: str | None = None
    received_at: Timestamp | None = None
    reason: str | None = None


class TransferAnswer(Answer):
    """A transfer: `written_off` pieces never arrived."""

    transfer_id: str
    sku: str
    quantity: int
    from_location: str
    to_location: str
    status: Status
    sent_at: Timestamp
    received: int | None
    written_off: int | None
    received_at: Timestamp | None


class Transfers(Items):
    """Transfers, the oldest first."""

    items: list[TransferAnswer]


def listed(db: Database, status: Status, cursor: str | None) -> Transfers:
    """Return a page of the transfers in a status, the oldest first."""
    page = db.query(Transfer, status=status, order_by="sent_at", limit=100, cursor=cursor)
    return Transfers(items=[answer(each) for each in page.items], next_cursor=page.next_cursor)


def answer(transfer: Transfer) -> TransferAnswer:
    """Show a transfer to people."""
    received = transfer.received
    return TransferAnswer(
        transfer_id=transfer.transfer_id,
        sku=transfer.sku,
        quantity=transfer.quantity,
        from_location=transfer.from_location,
        to_location=transfer.to_location,
        status=transfer.status,
        sent_at=transfer.sent_at,
        received=received,
        written_off=None if received is None else transfer.quantity - received,
        received_at=transfer.received_at,
    )
