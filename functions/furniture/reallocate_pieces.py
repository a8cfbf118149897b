"""POST /reservations/{order_id}/reallocate: pieces were not found where they should lie."""

from datetime import datetime

from functions.furniture.ledger import LEDGER
from shared.http.models import Caller
from shared.stock.commands import ReallocatePieces
from shared.stock.reallocating import Reallocation, reallocate
from shared.storage import Transaction
from shared.values.identifiers import OrderId


def reallocate_pieces(
    order_id: OrderId, command: ReallocatePieces, tx: Transaction, caller: Caller, now: datetime
) -> Reallocation:
    """Write the missing pieces off (`furniture.adjusted`, reason `short_pick`) and hold others for the order elsewhere.

    Natural by `short_id`: asked again, nothing is written off twice, `moved` is everything found so far, and what is
    still `short` is looked for again. NotFound without a reservation; IllegalTransition if less is held there.
    """
    return reallocate(tx, LEDGER, order_id, command, caller.name, now)
