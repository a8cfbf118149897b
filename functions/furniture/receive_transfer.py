"""POST /transfers/{transfer_id}/receive: what was sent has arrived, or a part of it."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.stock.transferring import ReceiveTransfer, receive
from shared.stock.transfers import TransferAnswer, TransferId
from shared.storage import Transaction


def receive_transfer(
    transfer_id: TransferId, command: ReceiveTransfer, tx: Transaction, now: datetime
) -> TransferAnswer:
    """Put what arrived on sale (`furniture.moved`), write off what is missing (`furniture.adjusted`). A repeat is fine.

    NotFound; Invalid by field; IllegalTransition if it was received with another figure.
    """
    return receive(tx, LEDGER, transfer_id, command, now)
