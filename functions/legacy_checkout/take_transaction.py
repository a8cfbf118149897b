"""POST /accounting/transactions: the old checkout tells accounting what was sold, and what shipping cost."""

from datetime import datetime

from functions.legacy_checkout.answers import OldTransaction
from functions.legacy_checkout.bodies import TransactionCall
from functions.legacy_checkout.charged import charged
from functions.legacy_checkout.gathering import hear
from functions.legacy_checkout.old_services import Asked, OldServices
from functions.legacy_checkout.spoken import number, our_id
from shared.calls import Calls
from shared.settings import Settings
from shared.storage import Database
from shared.values.money import total


def take_transaction(
    command: TransactionCall, db: Database, call: Calls, old: OldServices, settings: Settings, now: datetime
) -> OldTransaction:
    """Keep what it tells; the books are written by accounting, of the order. CurrencyNotAccepted for one without rate.

    `price` is unit price times quantity over all items, without shipping.
    """

    def ours() -> OldTransaction:
        hear(db, call, settings, "accounting", command.order_id, command.facts(), now)
        lines, carriage = charged(command.financials.items, command.financials.shipping_cost)
        return OldTransaction(
            id=our_id(command.order_id),
            order_id=command.order_id,
            item=", ".join(each.item.product_id for each in command.financials.items),
            price=number(total(lines, carriage.currency)),
            currency=carriage.currency,
            date=now,
            customer=command.customer_email,
        )

    return old.beside(db, now, Asked("accounting", "POST /transactions", body=command, answers=201), ours)
