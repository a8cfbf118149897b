"""POST /transfers: pieces leave one location for another."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.stock.transferring import SendTransfer, send
from shared.stock.transfers import TransferAnswer
from shared.storage import Transaction
from shared.values.identifiers import new_id


def send_transfer(command: SendTransfer, tx: Transaction, now: datetime) -> TransferAnswer:
    """Take free pieces out to the way and publish `furniture.moved`; Invalid by field."""
    return send(tx, LEDGER, new_id("trf", now), command, now)
