"""order.confirmed, order.approved: plan from where and in which parcels an order leaves."""

from datetime import datetime
from functools import partial

from pydantic import Field

from functions.warehouse.apportionment import Picks, Share, divide
from functions.warehouse.parcels import OWNERS, pack
from functions.warehouse.shipment import OrderPlan, Shipment, planned_event, shipment_id_of
from shared.calls.port import Calls
from shared.events.order import OrderApproved, OrderConfirmed
from shared.events.priced_order import PricedOrder
from shared.http.models import Receipt, View
from shared.storage import Database, Transaction


class Pick(View):
    """Pieces reserved at a location."""

    location: str
    quantity: int = Field(ge=1)


class ReservedLine(View):
    """Where the pieces of a SKU are."""

    sku: str
    picks: tuple[Pick, ...]


class Reservation(View):
    """What inventory or furniture holds for an order; nothing any more once `state` is released."""

    state: str
    lines: tuple[ReservedLine, ...]


def plan_shipments(
    event: OrderConfirmed | OrderApproved, db: Database, call: Calls, receipt: Receipt, now: datetime
) -> None:
    """Plan one shipment per way of shipping and location; an order planned or stopped before stays as it is."""
    picks = _picks(call, event.order) if db.get(OrderPlan, event.order_id) is None else {}

    def plan(tx: Transaction) -> None:
        if tx.get(OrderPlan, event.order_id) is None:
            _plan(tx, event.order, picks, now)
        receipt.record(tx)

    db.transact(plan, deferrable=True)


def _picks(call: Calls, order: PricedOrder) -> Picks:
    """Ask the owners of the goods for the locations that they chose when reserving."""
    owners = sorted({OWNERS[line.fulfilment] for line in order.lines})
    asked = [partial(call.get, owner, f"/reservations/{order.order_id}", Reservation) for owner in owners]
    reservations: list[Reservation] = call.together(*asked)
    picks: dict[str, list[tuple[str, int]]] = {}
    for reservation in reservations:
        for line in reservation.lines if reservation.state != "released" else ():
            picks.setdefault(line.sku, []).extend((pick.location, pick.quantity) for pick in line.picks)
    return picks


def _plan(tx: Transaction, order: PricedOrder, picks: Picks, now: datetime) -> None:
    shares = divide(order, picks)
    shipments = [_shipment(order, number, share, now) for number, share in enumerate(shares, start=1)]
    tx.create(OrderPlan(order_id=order.order_id, shipment_ids=tuple(each.shipment_id for each in shipments)))
    for shipment in shipments:
        tx.create(shipment)
        tx.emit(planned_event(shipment), now)


def _shipment(order: PricedOrder, number: int, share: Share, now: datetime) -> Shipment:
    return Shipment(
        shipment_id=shipment_id_of(order.order_id, number),
        order_id=order.order_id,
        number=number,
        fulfilment=share.fulfilment,
        location=share.location,
        lines=tuple(share.lines),
        parcels=pack(share.goods, share.fulfilment),
        goods_net=share.goods_net,
        goods_tax=share.goods_tax,
        shipping_net=share.shipping_net,
        shipping_tax=share.shipping_tax,
        total=share.total,
        currency=order.currency,
        total_minor=share.total.minor,
        customer_id=order.customer.id,
        email=order.customer.email,
        first_name=order.customer.first_name,
        last_name=order.customer.last_name,
        shipping_address=order.shipping_address,
        shipping_jurisdiction=share.shipping_jurisdiction,
        seller=order.seller,
        exchange_rate=order.exchange_rate,
        piece_g={each.sku: each.piece_g for each in share.goods},
        delivery=order.delivery if share.fulfilment == "freight" else None,
        planned_at=now,
    )
