"""Transferring: pieces go from one location to another, in two steps, and are on the books all the way.

    sent: sellable here -> in transit to there     received: in transit -> sellable there; what is missing written off

Pieces in transit are not for sale, and stand under the location to which they go.
"""

from datetime import datetime

from pydantic import Field

from shared.errors import IllegalTransition, Invalid, NotFound
from shared.events.inventory import AdjustedLine, StockState
from shared.http.models import Command
from shared.stock.adjusting import publish
from shared.stock.commands import Location, Person, Pieces, Reason
from shared.stock.goods import Goods
from shared.stock.ledger import Ledger, R
from shared.stock.movements import SELLABLE, record
from shared.stock.moving import Where, carry, require_free
from shared.stock.transfers import Transfer, TransferAnswer, answer
from shared.storage import Transaction
from shared.values.identifiers import Sku
from shared.values.money import Money

REASON = "transfer"


class SendTransfer(Command):
    """Pieces that leave one location for another."""

    sku: Sku
    quantity: Pieces
    from_location: Location
    to_location: Location
    by: Person


class ReceiveTransfer(Command):
    """How many pieces arrived; if some are missing, `reason` says why they are written off."""

    quantity: int = Field(ge=0, le=1_000_000)
    by: Person
    reason: Reason | None = None


def send(tx: Transaction, ledger: Ledger[R], transfer_id: str, command: SendTransfer, now: datetime) -> TransferAnswer:
    """Take free pieces out to the way and publish it; Invalid by field."""
    errors = ledger.complaints(sku=command.sku, from_location=command.from_location, to_location=command.to_location)
    if command.from_location == command.to_location:
        errors.append(("to_location", f"expected another location than {command.from_location}"))
    if errors:
        raise Invalid(*errors)
    goods = Goods(tx, ledger, command.sku)
    origin: Where = (command.from_location, SELLABLE)
    require_free(goods, origin, command.quantity)
    carry(
        tx, ledger, goods, transfer_id, origin, (command.to_location, "in_transit"), command.quantity, "transfer", now
    )
    transfer = Transfer(
        transfer_id=transfer_id,
        sku=command.sku,
        quantity=command.quantity,
        from_location=command.from_location,
        to_location=command.to_location,
        sent_by=command.by,
        sent_at=now,
    )
    tx.create(transfer)
    return answer(transfer)


def receive(
    tx: Transaction, ledger: Ledger[R], transfer_id: str, command: ReceiveTransfer, now: datetime
) -> TransferAnswer:
    """Put what arrived on sale and write off what did not, once; asked again with the same figure, the same answer.

    NotFound; Invalid by field; IllegalTransition if it was received with another figure.
    """
    transfer = tx.get(Transfer, transfer_id)
    if transfer is None:
        raise NotFound(f"no transfer {transfer_id}")
    if transfer.status == "received":
        if transfer.received != command.quantity:
            raise IllegalTransition(f"{transfer.received} pieces of {transfer_id} were received; adjust or count stock")
        return answer(transfer)
    missing = transfer.quantity - command.quantity
    if missing < 0:
        raise Invalid(("quantity", f"expected at most {transfer.quantity}: so many were sent; adjust what is over"))
    if missing and command.reason is None:
        raise Invalid(("reason", f"expected why {missing} pieces are missing, which are written off"))
    goods = Goods(tx, ledger, transfer.sku)
    way: Where = (transfer.to_location, "in_transit")
    if command.quantity:
        arrival, place = f"{transfer_id}.received", (transfer.to_location, SELLABLE)
        carry(tx, ledger, goods, arrival, way, place, command.quantity, REASON, now)
    if missing:
        _write_off(tx, ledger, goods, transfer, missing, command, now)
    transfer.status, transfer.received = "received", command.quantity
    transfer.received_by, transfer.received_at, transfer.reason = command.by, now, command.reason
    tx.put(transfer)
    return answer(transfer)


def _write_off(
    tx: Transaction,
    ledger: Ledger[R],
    goods: Goods,
    transfer: Transfer,
    missing: int,
    command: ReceiveTransfer,
    now: datetime,
) -> None:
    value: Money = -goods.take(transfer.to_location, "in_transit", missing)
    where: tuple[str, str, StockState] = (goods.sku, transfer.to_location, "in_transit")
    record(tx, "adjustment", f"{transfer.transfer_id}.missing", where, -missing, value, now)
    line = AdjustedLine(sku=goods.sku, location=transfer.to_location, state="in_transit", delta=-missing, value=value)
    publish(tx, ledger, f"adj_{transfer.transfer_id}", command.by, command.reason or "", [line], now)
