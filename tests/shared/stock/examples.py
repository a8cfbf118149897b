"""Worked examples of a small ledger: two SKUs, three locations, orders and shipments as they come over the wire."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.inventory.ledger import LEDGER
from shared.events.shipment import ShipmentDispatched
from shared.stock.commands import ReceiveStock
from shared.stock.destinations import Destination
from shared.stock.drawing import draw
from shared.stock.holding import open_reservation
from shared.stock.ledger import Ledger
from shared.stock.receiving import receive
from shared.stock.reservations import Reservation
from shared.stock.skus import StockKeepingUnit
from shared.storage import Database, Transaction
from shared.values.money import Money

MUG, JAR = "MUG", "JAR"
NEWARK, RENO, VENLO = "newark-us", "reno-us", "venlo-nl"
CALIFORNIA = Destination(country="US", state="CA", zip_code="94043")
NEW_YORK = Destination(country="US", state="NY", zip_code="10001")
NETHERLANDS = Destination(country="NL", zip_code="5911 AA")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def ledger(shards: int = 1, **more: Any) -> Ledger[Reservation]:
    """Inventory's ledger, of two SKUs whose stock is split over so many documents."""
    units = {
        sku: StockKeepingUnit(sku, unit_cost=usd("2.40"), weight_g=340, dimensions_mm=(130, 100, 110), shards=shards)
        for sku in (MUG, JAR)
    }
    return Ledger(
        fulfilment="parcel",
        skus=units,
        reservation=Reservation,
        reserved=LEDGER.reserved,
        released=LEDGER.released,
        committed=LEDGER.committed,
        received=LEDGER.received,
        adjusted=LEDGER.adjusted,
        moved=LEDGER.moved,
        returned=LEDGER.returned,
        low=LEDGER.low,
        **more,
    )


def stocked(db: Database, book: Ledger[Reservation], now: datetime, *goods: tuple[str, str, int, str]) -> None:
    """Receive (SKU, location, pieces, unit cost in USD)."""
    for number, (sku, location, quantity, cost) in enumerate(goods):
        command = ReceiveStock(sku=sku, location=location, quantity=quantity, unit_cost=usd(cost))
        db.transact(lambda tx, n=number, c=command: receive(tx, book, f"rcp_{n}", c, now))  # type: ignore[misc]


def reserved(
    db: Database,
    book: Ledger[Reservation],
    order_id: str,
    demand: Mapping[str, int],
    now: datetime,
    destination: Destination = NEW_YORK,
) -> Reservation:
    """Reserve as the services do."""

    def work(tx: Transaction) -> Reservation:
        return open_reservation(tx, book, order_id, draw(tx, book, order_id, demand, destination), now)

    return db.transact(work)


def picks(reservation: Reservation) -> dict[tuple[str, str], int]:
    """Return pieces by SKU and location."""
    found: dict[tuple[str, str], int] = {}
    for line in reservation.lines:
        for pick in line.picks:
            found[line.sku, pick.location] = found.get((line.sku, pick.location), 0) + pick.quantity
    return found


def dispatched(
    order_id: str, shipment_id: str, location: str, pieces: Mapping[str, int], fulfilment: str = "parcel"
) -> ShipmentDispatched:
    """Return the event as it comes over the wire."""
    nothing = {"currency": "USD", "amount": "0.00"}
    return ShipmentDispatched.model_validate(
        {
            "order_id": order_id,
            "shipment_id": shipment_id,
            "fulfilment": fulfilment,
            "location": location,
            "lines": [
                {"sku": sku, "name": sku, "quantity": count, "net": nothing, "tax": nothing, "tax_rate": "0"}
                for sku, count in pieces.items()
            ],
            "goods_net": nothing,
            "goods_tax": nothing,
            "shipping_net": nothing,
            "shipping_tax": nothing,
            "total": nothing,
            "tracking_number": "1Z999",
            "carrier": "boutique",
            "customer_id": "cus_1",
            "email": "ada@example.com",
            "first_name": "Ada",
            "shipping_address": {
                "street_address": "1 Main St",
                "city": "New York",
                "state": "NY",
                "country": "US",
                "zip_code": "10001",
            },
        }
    )
