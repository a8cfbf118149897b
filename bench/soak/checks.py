"""What must hold after a soak: of every customer and their key, of every order, of the whole estate."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bench.invariants import disagreements, given_up
from bench.orders import OPENING, SKUS
from bench.soak.customers import Story
from functions.checkout.order import Order as Placing
from functions.order_management.order import Order
from functions.warehouse.returned import ExpectedReturn
from functions.warehouse.shipment import Shipment
from shared.storage import Database
from tests.estate import RunningEstate
from tests.order_books import OrderBooks, wrong_numbers

REFUSALS = {
    "declined": {"payment_declined"},
    "denied": {"payment_refused"},
    "out of stock": {"out_of_stock"},
}
"""By the kind of customer, with which codes their order is refused; those of all other kinds are placed."""
ENDINGS = {
    "rejected": {"rejected"},
    "denied": {"rejected"},  # fraud was silent, so it was held, and rejected by itself once fraud answered
    "cancelled": {"cancelled", "delivered"},  # too late: it had left
}


@dataclass(frozen=True)
class Shelf:
    """What the estate said of its stock while it was idle, by SKU: on hand, reserved."""

    on_hand: dict[str, int]
    reserved: dict[str, int]

    @classmethod
    def of(cls, estate: RunningEstate) -> "Shelf":
        """Read every parcel product's stock."""
        found = {sku: estate.get(f"/inventory/stock/{sku}") for sku in SKUS}
        return cls(*({sku: stock[name] for sku, stock in found.items()} for name in ("on_hand", "reserved")))


def of_the_estate(estate: RunningEstate) -> list[str]:
    """What is wrong with the whole, by its own routes."""
    return disagreements(estate.get) + given_up(estate.get)


def of_the_orders(stories: list[Story], db: Callable[[str], Database], shelf: Shelf) -> list[str]:
    """What is wrong with customers, orders, stock and invoice numbers, by every service's documents."""
    books = OrderBooks(db)
    placings = books.placings()
    known = {each.order_id: db("order_management").get(Order, each.order_id) for each in placings}
    found = [story.failure for story in stories if story.failure]
    found += [f"{_name(story)}: {wrong}" for story in stories for wrong in _told(story, known)]
    placed = Counter(each.order_id for each in placings if each.state == "placed")
    heard = {story.order_id for story in stories if story.order_id}
    found += [f"{order_id} was placed for nobody" for order_id in placed if order_id not in heard]
    found += [f"{order_id} is not kept" for order_id in heard if order_id not in placed]
    found += [f"{each.order_id} ({each.state}): {wrong}" for each in placings for wrong in books.violations(each)]
    return found + list(_stock(placings, db, shelf)) + list(wrong_numbers(db("accounting")))


def _name(story: Story) -> str:
    return f"customer {story.customer.number} ({story.customer.kind})"


def _told(story: Story, known: dict[str, Order | None]) -> Iterator[str]:
    """What one customer was told: always the same, as their kind of order ends, and true."""
    if not story.answers:
        return
    (status, said), *others = story.answers
    if any(each != (status, said) for each in others):
        yield f"the same key was answered differently: {[(code, _short(body)) for code, body in story.answers]}"
    kind = story.customer.kind
    expected = REFUSALS.get(kind, set())
    if status != 201:
        if said["code"] not in expected:
            yield f"refused with {said['code']}"
        return
    order = known.get(said["order_id"])
    if expected and not (kind == "denied" and said["fraud"]["score"] is None):
        yield f"placed, and should have been refused with {expected}"
    endings = ENDINGS.get(kind, {"delivered"})
    if order is None or order.status not in endings:
        yield f"{said['order_id']} is {order and order.status}, expected {sorted(endings)}"
    elif kind == "cancelled" and (story.deeds.get("cancel") == 200) is not (order.status == "cancelled"):
        partly = any(fact.type == "order.reduced" for fact in order.facts)
        if not partly:
            yield f"{said['order_id']} is {order.status}, and cancelling was answered {story.deeds.get('cancel')}"


def _short(body: Any) -> str:
    return str(body.get("order_id", body.get("code")))


def _stock(placings: list[Placing], db: Callable[[str], Database], shelf: Shelf) -> Iterator[str]:
    """What is on the shelf is what was there, less what was sent, and what came back."""
    expected = Counter(dict.fromkeys(SKUS, OPENING))
    warehouse = db("warehouse")
    for each in placings:
        for shipment in warehouse.query(Shipment, order_id=each.order_id, order_by="number").items:
            if shipment.status != "stopped":
                expected.subtract({line.sku: line.quantity for line in shipment.lines})
        for goods in warehouse.query(ExpectedReturn, order_id=each.order_id, order_by="expected_at").items:
            for line in goods.received:
                expected[line.sku] += line.quantity
    for sku in SKUS:
        if shelf.on_hand[sku] != expected[sku] or expected[sku] < 0:
            yield f"{sku}: {shelf.on_hand[sku]} on hand, expected {expected[sku]}"
        if shelf.reserved[sku]:
            yield f"{sku}: {shelf.reserved[sku]} reserved, and no order is open"
