"""A tiny service for tests of the edge: every kind of capability once, each with input that makes it fail."""

from datetime import datetime
from threading import Lock
from typing import Any, ClassVar, Literal

from pydantic import Field

from shared.errors import IllegalTransition, InProgress, OutOfStock, Unavailable
from shared.events import Envelope
from shared.events.inventory import InventoryReceived
from shared.events.order import OrderCancelled, OrderRejected
from shared.http.capability import read_signature
from shared.http.models import Answer, Caller, Command, Items, Receipt
from shared.http.service import Service
from shared.manifest import ServiceRow
from shared.messaging.publisher import Message
from shared.settings import Settings
from shared.storage import Database, Document, Transaction
from shared.values.clock import Clock, Timestamp
from shared.values.identifiers import OrderId, Sku
from shared.values.money import Money

SECRET = "4111111111111111"
Mood = Literal["well", "refuse", "wait", "unavailable", "defect"]
_ERRORS: dict[str, Any] = {
    "refuse": lambda: OutOfStock("only 2 left", lines=[{"sku": "RYE", "requested": 9, "available": 2}]),
    "wait": lambda: InProgress(retry_after=7),
    "unavailable": Unavailable,
    "defect": lambda: ZeroDivisionError(SECRET),
}


def behave(mood: str) -> None:
    if mood in _ERRORS:
        raise _ERRORS[mood]()


class Loaf(Document):
    collection: ClassVar[str] = "loaves"
    key_field: ClassVar[str] = "sku"

    sku: str
    baked: int = 0


class Heard(Document):
    collection: ClassVar[str] = "heard"
    key_field: ClassVar[str] = "order_id"

    order_id: str
    times: int = 0


class Flour(Command):
    kind: str = Field(min_length=1, max_length=20)
    grams: int = Field(ge=1)


class BakeLoaf(Command):
    sku: Sku
    price: Money
    quantity: int = Field(default=1, ge=1)
    flours: list[Flour] = []
    mood: Mood = "well"


class Baked(Answer):
    sku: str
    baked: int
    by: str
    at: Timestamp


class Shelf(Items):
    items: list[Baked]

    def to_csv(self) -> str:
        return "sku,baked\n" + "".join(f"{each.sku},{each.baked}\n" for each in self.items)

    def to_pdf(self) -> bytes:
        return b"%PDF-1.7 of the shelf"


def _bake(command: BakeLoaf, tx: Transaction, caller: Caller, now: datetime) -> Baked:
    known = tx.get(Loaf, command.sku) or Loaf(sku=command.sku)
    baked = known.baked + command.quantity
    tx.put(known.model_copy(update={"baked": baked}))
    behave(command.mood)
    received = InventoryReceived(
        receipt_id="r1", sku=command.sku, location="OVEN", quantity=command.quantity, unit_cost=command.price
    )
    tx.emit(received, now)
    return Baked(sku=command.sku, baked=baked, by=caller.name, at=now)


def bake_loaf(command: BakeLoaf, tx: Transaction, caller: Caller, now: datetime) -> Baked:
    """Bake; the oven adds up.

    OutOfStock without flour.
    """
    return _bake(command, tx, caller, now)


def bake_ordered(command: BakeLoaf, tx: Transaction, caller: Caller, now: datetime) -> Baked:
    """Bake for an order."""
    return _bake(command, tx, caller, now)


class Ice(Command):
    mood: Mood = "well"
    forget: bool = False


def ice_cake(order_id: OrderId, command: Ice, db: Database, receipt: Receipt, caller: Caller, now: datetime) -> Baked:
    """Ice a cake, which happens outside: under the order's key, so that asking twice ices once."""
    order = receipt.subject or order_id
    if receipt.subject is None:
        db.transact(lambda tx: receipt.begin(tx, order))
    ASKED.append(order)
    behave(command.mood)
    place = ICED.setdefault(order, len(ICED) + 1)
    answer = Baked(sku="ICE", baked=place, by=caller.name, at=now)
    if not command.forget:
        db.transact(lambda tx: receipt.record(tx, answer))
    return answer


ASKED: list[str] = []
ICED: dict[str, int] = {}


def get_loaf(sku: Sku, db: Database, now: datetime, limit: int = 3, since: Timestamp | None = None) -> Baked:
    """Say how many were baked."""
    found = db.get(Loaf, sku)
    return Baked(sku=sku, baked=min(found.baked if found else 0, limit), by="nobody", at=since or now)


def list_shelf(size: Literal["small", "large"], db: Database, now: datetime) -> Shelf:
    """List the shelf."""
    found = db.get(Loaf, "RYE")
    return Shelf(items=[Baked(sku=size, baked=found.baked if found else 0, by="nobody", at=now)])


def sweep_floor(tx: Transaction) -> None:
    """Sweep; there is nothing to say."""


def hear_cancellation(event: OrderCancelled | OrderRejected, envelope: Envelope, tx: Transaction) -> None:
    """Count how often an order's end was heard; the reason may make it fail."""
    known = tx.get(Heard, event.order_id) or Heard(order_id=event.order_id)
    tx.put(known.model_copy(update={"times": known.times + 1}))
    behave(event.reason)
    if event.reason == "contradict":
        raise IllegalTransition(f"{envelope.subject} was delivered")


def call_customer(event: OrderCancelled, db: Database, receipt: Receipt) -> None:
    """Call the customer, outside; forgets its receipt if the reason says so."""
    CALLED.append(event.order_id)
    if event.reason != "forget":
        db.transact(receipt.record, deferrable=True)


CALLED: list[str] = []


class Telegram(Command):
    text: str


def take_telegram(command: Telegram, tx: Transaction) -> None:
    """Take a message that is no event."""
    tx.put(Heard(order_id=command.text, times=1))


class Aired(Answer):
    at: Timestamp


def air_out(tx: Transaction, now: datetime) -> Aired:
    """Air the bakery."""
    tx.put(Heard(order_id="air", times=now.hour))
    return Aired(at=now)


FUNCTIONS = {
    each.__name__: each
    for each in (
        bake_loaf,
        bake_ordered,
        ice_cake,
        get_loaf,
        list_shelf,
        sweep_floor,
        hear_cancellation,
        call_customer,
        take_telegram,
        air_out,
    )
}
ROW = ServiceRow.model_validate(
    {
        "service": "bakery",
        "about": "Bakes.",
        "runs_on": "cloud_run",
        "network": "serverless",
        "functions": {
            "bake_loaf": {
                "http": "POST /loaves",
                "answers": 201,
                "callers": ["checkout", "operator"],
                "idempotency": "optional",
            },
            "bake_ordered": {
                "http": "POST /ordered",
                "answers": 201,
                "callers": ["checkout", "operator"],
                "idempotency": "required",
            },
            "ice_cake": {
                "http": "POST /cakes/{order_id}/ice",
                "callers": ["checkout", "operator"],
                "idempotency": "required",
            },
            "get_loaf": {"http": "GET /loaves/{sku}", "callers": ["checkout", "gke-checkout", "operator"]},
            "list_shelf": {"http": "GET /loaves", "callers": ["operator"]},
            "sweep_floor": {"http": "POST /floor/sweep", "callers": ["operator"], "idempotency": "natural"},
            "hear_cancellation": {"event": ["order.cancelled", "order.rejected"]},
            "call_customer": {"event": ["order.cancelled"]},
            "take_telegram": {"event": ["*"], "raw": True},
            "air_out": {"schedule": "* * * * *"},
        },
        "publishes": ["inventory.received"],
    }
)


class SpyingPublisher:
    """Keeps the Publisher port; notes what it was given, and fails while told to."""

    def __init__(self, noted: list[str]) -> None:
        self.messages: list[Message] = []
        self.noted, self.broken, self._lock = noted, False, Lock()

    def publish(self, messages: Any) -> list[str]:
        if self.broken:
            raise ConnectionError("no broker")
        with self._lock:
            self.noted.append("published")
            self.messages += messages
        return [str(index) for index in range(len(messages))]


def bakery(settings: Settings, clock: Clock, publisher: SpyingPublisher) -> Service:
    """Return the service with these rows, functions and publisher instead of those of its name."""
    service = Service("bakery", settings, clock=clock)
    vars(service).update(row=ROW, _publisher=publisher)
    for name, row in ROW.functions.items():
        service._loaded[name] = read_signature("bakery", name, row, FUNCTIONS[name])
    return service
