"""POST /imported-orders: take in an order that another checkout took and was paid for.

Nothing is asked that money was still to hang on. Every step is keyed by the order, so that whoever brings it brings it
again until it is confirmed; two at once do everything once. Beyond stock it is backordered, and asked for again.
"""

import logging
from datetime import datetime
from typing import Any

from functions.checkout.ending import answered
from functions.checkout.imported import TAKEN_ELSEWHERE, ImportAnswer, ImportedOrder, ImportOrder, told
from functions.checkout.steps import ShipFrom, locations
from functions.checkout.views import AnyView, CustomerView, PickedView, PriceView
from shared.calls import Calls
from shared.errors import OutOfStock
from shared.events.order import OrderBackordered, OrderConfirmed
from shared.events.priced_order import Buyer, MissingGoods, PricedOrder
from shared.storage import Database, Transaction
from shared.values.clock import rfc3339

log = logging.getLogger(__name__)


def import_order(command: ImportOrder, db: Database, call: Calls, now: datetime) -> ImportAnswer:
    """Confirm it, or say what is missing. UnknownSku, CurrencyNotAccepted, Invalid: nothing was begun then."""
    known = db.get(ImportedOrder, command.order_id)
    if known is not None and known.state != "backordered":
        return told(known)
    expected = _extracted(call, command, {})  # all that can be wrong with it shows before anything is begun
    customer = _customer(call, command)
    missing: tuple[MissingGoods, ...] = ()
    try:
        reservation = _reserved(call, command)
        expected = _extracted(call, command, locations([reservation]))
    except OutOfStock as lacking:
        missing = tuple(MissingGoods.model_validate(line) for line in lacking.extra["lines"])
    placed = _whole(command, customer, expected, now)
    _prepaid(call, command, placed)
    return told(db.transact(lambda tx: _taken_in(tx, command, placed, missing, now)))


def _extracted(call: Calls, command: ImportOrder, ship_from: ShipFrom) -> PriceView:
    body = {
        "currency": command.currency,
        "lines": [item.model_dump(mode="json") for item in command.items],
        "shipping": command.shipping.as_json(),
        "shipping_address": command.shipping_address.model_dump(mode="json", exclude_none=True),
        "ship_from": ship_from,
        "at": rfc3339(command.placed_at),
    }
    return call.post("pricing", "/tax-extractions", body, PriceView)


def _customer(call: Calls, command: ImportOrder) -> CustomerView:
    body = command.customer.model_dump(mode="json")
    body["address"] = command.shipping_address.model_dump(mode="json", exclude_none=True)
    return call.post("crm", "/customers/resolve", body, CustomerView)


def _reserved(call: Calls, command: ImportOrder) -> PickedView:
    address = command.shipping_address
    known = {"country": address.country, "state": address.state, "zip_code": address.zip_code}
    body: dict[str, Any] = {
        "order_id": command.order_id,
        "lines": command.quantities,
        "destination": {name: value for name, value in known.items() if value is not None},
        "firm": True,
    }
    return call.post("inventory", "/reservations", body, PickedView)


def _prepaid(call: Calls, command: ImportOrder, placed: PricedOrder) -> None:
    rate = placed.exchange_rate
    body = {
        "order_id": command.order_id,
        "amount": placed.total.as_json(),
        "gateway": command.origin,
        "payment_id": command.payment_id,
        "seller": placed.seller,
        "exchange_rate": rate.model_dump(mode="json") if rate else None,
    }
    call.post("payment", "/prepayments", body, AnyView)


def _whole(command: ImportOrder, customer: CustomerView, priced: PriceView, now: datetime) -> PricedOrder:
    return PricedOrder(
        order_id=command.order_id,
        customer=Buyer(
            id=customer.customer_id,
            email=command.customer.email,
            first_name=command.customer.first_name,
            last_name=command.customer.last_name,
            tier=customer.tier,
        ),
        currency=command.currency,
        shipping_address=command.shipping_address,
        billing_address=command.shipping_address,
        fraud=TAKEN_ELSEWHERE,
        channel=command.origin,
        placed_at=now,
        **{name: getattr(priced, name) for name in PriceView.model_fields},
    )


def _taken_in(
    tx: Transaction, command: ImportOrder, placed: PricedOrder, missing: tuple[MissingGoods, ...], now: datetime
) -> ImportedOrder:
    known = tx.get(ImportedOrder, command.order_id)
    if known is not None and (known.state != "backordered" or missing):
        return known
    imported = ImportedOrder(
        order_id=command.order_id,
        origin=command.origin,
        state="backordered" if missing else "placed",
        currency=placed.currency,
        total_minor=placed.total.minor,
        answer=answered(placed, "backordered" if missing else "confirmed"),
        missing=missing,
        imported_at=known.imported_at if known else now,
        placed_at=None if missing else now,
    )
    tx.put(imported)
    if missing:
        log.warning("%s is beyond stock: %s", command.order_id, ", ".join(each.sku for each in missing))
        tx.emit(OrderBackordered(order_id=command.order_id, order=placed, missing=missing, origin=command.origin), now)
    else:
        tx.emit(OrderConfirmed(order_id=command.order_id, order=placed, origin=command.origin), now)
    return imported
