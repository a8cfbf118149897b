"""The orders, built again from an archive of events: into an empty store, publishing nothing and asking nobody.

The facts of an order are those of its events, kept by the rules by which they were heard; everything else follows
from them. So it does not matter in which order the archive comes, nor how often it tells an event.
"""

from collections.abc import Iterable
from contextlib import suppress

from functions.order_management.causality import RANK, keep
from functions.order_management.content import content as content_of
from functions.order_management.decided import Decided
from functions.order_management.facts import TOLD_SCANS, heard
from functions.order_management.order import Order
from shared.errors import Undeliverable
from shared.events import Envelope, Event, event_class
from shared.events.fraud import FraudScored
from shared.events.order import OrderHeld, OrderReturnRequested
from shared.events.payment import PaymentRefunded, PaymentRefundFailed
from shared.events.shipment import ShipmentReturned, ShipmentReturnLapsed, ShipmentScanned
from shared.settings import Settings
from shared.storage import Database, Transaction
from shared.storage.connect import connect
from shared.storage.content import Content
from shared.storage.spool import Spool

SERVICE = "order_management"


def rebuild(events: Iterable[Envelope], settings: Settings) -> None:
    """Build the orders of these events into the store of these settings, which should be empty."""
    rebuild_into(connect(SERVICE, settings), events)


def content(settings: Settings) -> Content:
    """Return what identifies the content of the store of these settings."""
    return content_of(connect(SERVICE, settings))


def rebuild_into(db: Database, events: Iterable[Envelope]) -> None:
    """Build the orders of these events into a store."""
    spool = Spool()
    try:
        spool.add((str(event.data["order_id"]), event) for event in events if _matters(event))
        for order_id, about in spool.groups():
            decided = rebuilt(order_id, about)
            if decided.order.facts:
                db.transact(lambda tx, decided=decided: _write(tx, decided))  # type: ignore[misc]
    finally:
        spool.close()


def rebuilt(order_id: str, events: Iterable[Envelope]) -> Decided:
    """Return an order and what belongs to it; what can't be true beside what was true before is left out."""
    read = {each.id: (each, event_class(each.type).model_validate(each.data)) for each in events}
    order, known = Order(order_id=order_id), _known(event for _, event in read.values())
    decided = Decided(order)
    for envelope, event in sorted(read.values(), key=lambda pair: (pair[0].time, RANK[pair[0].type], pair[0].id)):
        if _is_told(event, known):
            with suppress(Undeliverable):
                order.facts = keep(order.facts, heard(event, envelope))
    for fact in order.facts:
        decided.take(fact, read[fact.id][1])
    decided.end()
    return decided


def _matters(event: Envelope) -> bool:
    return event.type in RANK and isinstance(event.data.get("order_id"), str)


def _known(events: Iterable[Event]) -> set[str]:
    """Return what some events rest on: the returns that were asked for, and `silent` if the order was held unscored."""
    known = set()
    for event in events:
        if isinstance(event, OrderReturnRequested):
            known.add(event.return_id)
        if isinstance(event, OrderHeld) and event.order.fraud.score is None:
            known.add("silent")
    return known


def _is_told(event: Event, known: set[str]) -> bool:
    """Whether an event is a fact of the order's life: some scans aren't, nor a score that came with the order."""
    if isinstance(event, ShipmentScanned):
        return event.status in TOLD_SCANS
    if isinstance(event, FraudScored):
        return "silent" in known
    if isinstance(event, ShipmentReturned | ShipmentReturnLapsed | PaymentRefunded | PaymentRefundFailed):
        return event.return_id in known
    return True


def _write(tx: Transaction, decided: Decided) -> None:
    for document in (decided.order, *decided.reductions, *decided.returns.values()):
        tx.put(document)
