"""Hearing of an order, and bringing it to checkout once all is known: whichever call or message makes it whole."""

import logging
from datetime import datetime
from decimal import Decimal
from typing import Any

from functions.legacy_checkout.difference import note
from functions.legacy_checkout.faults import told_again
from functions.legacy_checkout.gathered import GatheredOrder, Teller
from shared.calls import Calls
from shared.errors import BoutiqueError
from shared.events.priced_order import MissingGoods
from shared.http.models import View
from shared.settings import Settings
from shared.storage import Database, Transaction
from shared.values.money import Money

log = logging.getLogger(__name__)
MISSED = Decimal("0.011")
"""By how much the float that the CRM is told may miss the total."""
TAKES_S = 8.0
"""The old checkout waits 10 s for each answer."""


class TakenIn(View):
    """Checkout's answer."""

    status: str
    tax: Money
    total: Money
    missing: tuple[MissingGoods, ...] = ()


def hear(
    db: Database, call: Calls, settings: Settings, teller: Teller, order_id: str, facts: dict[str, Any], now: datetime
) -> GatheredOrder:
    """Keep what is told of an order, then bring it to checkout if that made it whole.

    What checkout can't take now, the sweep brings again: the call is answered all the same, for nothing of it is lost.
    Beside the old services, nothing is brought to anyone, then or later: what they were told of they fulfil.
    """

    def work(tx: Transaction) -> GatheredOrder:
        known = tx.get(GatheredOrder, order_id)
        order = known or GatheredOrder.new(order_id, now, shadow=bool(settings.shadow))
        order.hear(teller, facts)
        tx.put(order)
        return order

    order = db.transact(work)
    if settings.shadow:
        note(db, told_again(order, teller), now)
        return order
    if order.state == "shadowed":
        log.warning("%s was told to the old services, and then by %s to us: it stays with them", order_id, teller)
    return bring(db, call, order) if order.state == "complete" else order


def bring(db: Database, call: Calls, order: GatheredOrder) -> GatheredOrder:
    """Ask checkout to take an order in, and note what it says; unchanged if it can't say now."""
    try:
        answer = call.post("checkout", "/imported-orders", order.as_import(), TakenIn, deadline_s=TAKES_S)
    except BoutiqueError as error:
        if error.retryable:
            log.info("%s is brought again: %s", order.order_id, error.code)
            return order
        log.warning("%s is no order of ours: %s", order.order_id, error.code)
        return _noted(db, order, state="refused", code=error.code, detail=error.detail)
    return _noted(
        db,
        order,
        state="taken_in" if answer.status == "confirmed" else answer.status,
        detail=", ".join(f"{each.sku}: {each.available} of {each.requested}" for each in answer.missing) or None,
        currency=answer.total.currency,
        total=answer.total.amount,
        tax=answer.tax.amount,
        conflicts=(*order.conflicts, *_differs(order, answer.total)),
    )


def _noted(db: Database, order: GatheredOrder, **fields: Any) -> GatheredOrder:
    def work(tx: Transaction) -> GatheredOrder:
        current = tx.get(GatheredOrder, order.order_id) or order
        if current.state not in ("taken_in", "cancelled"):
            current = current.model_copy(update=fields)
            tx.put(current)
        return current

    return db.transact(work)


def _differs(order: GatheredOrder, total: Money) -> list[str]:
    """Say if the CRM was told another total than the items come to, by more than its float may miss."""
    conflict = "crm says otherwise: total"
    same_currency = order.shipping is not None and order.shipping.currency_code == total.currency
    if order.told_total is None or not same_currency or conflict in order.conflicts:
        return []
    return [conflict] if abs(Decimal(order.told_total) - total.decimal) > MISSED else []
