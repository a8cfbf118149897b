"""Customers and what happens to them, as the tests of crm tell it."""

from datetime import datetime
from typing import Any

from functions.crm.customer import Customer
from functions.crm.get_customer import get_customer
from functions.crm.list_points import list_points
from functions.crm.profile import Profile
from functions.crm.record_delivery import record_delivery
from functions.crm.record_refund import record_refund
from functions.crm.resolve_customer import ResolveCustomer, resolve_customer
from shared.events import Envelope
from shared.events.envelope import wrap
from shared.events.order import OrderReturnRefunded
from shared.events.priced_order import ExchangeRate
from shared.events.shipment import ShipmentDelivered
from shared.storage import Database
from shared.values.money import Money

LONDON = {
    "street_address": "12 St James's Square",
    "city": "London",
    "state": None,
    "country": "GB",
    "zip_code": "SW1Y 4JH",
}
ORDER = "ord_1"
Fact = ShipmentDelivered | OrderReturnRefunded


def register(db: Database, at: datetime, name: str = "ada", **more: Any) -> str:
    """Register `<name>@example.com`, or find them."""
    command = ResolveCustomer.model_validate(
        {"email": f"{name}@example.com", "first_name": name.capitalize(), "last_name": "Lovelace", **more}
    )
    return db.transact(lambda tx: resolve_customer(command, tx, at)).customer_id


def stored(db: Database, customer_id: str) -> Customer:
    customer = db.get(Customer, customer_id)
    assert customer is not None
    return customer


def rate(text: str) -> ExchangeRate:
    return ExchangeRate.model_validate({"rate": text, "provider": "ecb", "date": "2026-11-20"})


def delivered(
    customer_id: str, goods: str, shipment: str = "shp_1", order: str = ORDER, currency: str = "USD", **more: Any
) -> ShipmentDelivered:
    net, none = Money.of(goods, currency), Money.zero(currency)
    return ShipmentDelivered(
        order_id=order, shipment_id=shipment, fulfilment="parcel", location="nevada", customer_id=customer_id,
        lines=(), goods_net=net, goods_tax=none, shipping_net=none, shipping_tax=none, total=net, **more,
    )  # fmt: skip


def refunded(
    customer_id: str, goods: str, return_id: str = "ret_1", order: str = ORDER, currency: str = "USD", **more: Any
) -> OrderReturnRefunded:
    net, none = Money.of(goods, currency), Money.zero(currency)
    return OrderReturnRefunded(
        order_id=order, return_id=return_id, customer_id=customer_id, email="ada@example.com", first_name="Ada",
        goods_net=net, goods_tax=none, shipping_net=none, shipping_tax=none, total=net, **more,
    )  # fmt: skip


def hear(db: Database, event: Fact, at: datetime, heard: datetime | None = None) -> None:
    """Hear an event that happened `at`; heard then, unless told otherwise."""
    envelope = sealed(event, at)
    if isinstance(event, ShipmentDelivered):
        db.transact(lambda tx: record_delivery(event, envelope, tx, heard or at))
    else:
        db.transact(lambda tx: record_refund(event, envelope, tx, heard or at))


def sealed(event: Fact, at: datetime) -> Envelope:
    return wrap(event, event_id="evt_1", source="/test", at=at, traceparent=None)


def profile(db: Database, customer_id: str, now: datetime) -> Profile:
    return get_customer(customer_id, db, now)


def ledger(db: Database, customer_id: str) -> list[tuple[str, str, int, str]]:
    """Return (id, kind, points, spend) of each line, newest order and newest line first."""
    lines = list_points(customer_id, db).items
    return [(each.entry_id, each.kind, each.points, each.spend.amount) for each in lines]
