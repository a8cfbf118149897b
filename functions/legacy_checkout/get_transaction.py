"""GET /accounting/transactions/{transaction_id}: one order as a transaction."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from functions.legacy_checkout.answers import OldTransaction
from functions.legacy_checkout.figures import OrderView, heard_of
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import foreign_id, our_id
from functions.legacy_checkout.transactions import transaction
from shared.calls import Calls
from shared.storage import Database

TransactionId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


def get_transaction(
    transaction_id: TransactionId, db: Database, call: Calls, old: OldServices, now: datetime
) -> OldTransaction:
    """Return an order by our id or by the old checkout's; NotFound for one that is none of ours."""

    def ours() -> OldTransaction:
        known = our_id(foreign_id(transaction_id))
        found = call.get("order_management", f"/orders/{known}", OrderView)
        return transaction(found, *heard_of(db, [found]))

    path = f"/transactions/{transaction_id}"
    return old.beside(db, now, Asked("accounting", "GET /transactions/{transaction_id}", path=path), ours)
