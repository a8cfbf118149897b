"""Orders that change on the way: whatever the order of arrival, the same life, and each change published once."""

from collections.abc import Callable
from itertools import permutations

import pytest

from functions.order_management.causality import keep
from functions.order_management.get_order import get_order
from functions.order_management.life import Life, live
from functions.order_management.order import Fact, Order, OrderLine, Status
from functions.order_management.returns import Return
from shared.errors import Undeliverable
from shared.events import Envelope
from shared.storage.durability import scope
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import (
    CHAIR,
    ask_to_return,
    authorize,
    came_back,
    cancel,
    refund_failed,
    refunded,
    shorted,
    stops,
)
from tests.functions.order_management.stories import (
    ORDER,
    START,
    captured,
    confirmed,
    delivered,
    dispatched,
    hear,
    held,
    planned,
    shipment_id,
    stopped,
    told,
    usd,
)

Emitted = Callable[[SqliteDatabase], list[Envelope]]
LINES = (OrderLine(sku="MUG-1", name="Mug", quantity=2), OrderLine(sku="CHAIR-1", name="Chair", quantity=1))


def fact(type_: str, minute: int, number: int | None = None, **fields: object) -> Fact:
    at = START.replace(minute=minute)
    shipment = shipment_id(number) if number else None
    return Fact.model_validate({"type": type_, "id": f"evt_{minute}", "at": at, "shipment_id": shipment, **fields})


MUGS, CHAIR_PIECES = {"MUG-1": 2}, {"CHAIR-1": 1}
STORIES: dict[str, tuple[Status, list[Fact]]] = {
    "cancelled before anything left": (
        "cancelled",
        [
            fact("order.held", 0),
            fact("order.approved", 1),
            fact("shipment.planned", 2, 1),
            fact("shipment.stopped", 3, 1),
            fact("order.cancelled", 4),
            fact("payment.voided", 5, amount_minor=11000),
        ],
    ),
    "the chair is cancelled, the mugs arrive": (
        "delivered",
        [
            fact("order.confirmed", 0),
            fact("shipment.dispatched", 2, 1, pieces=MUGS),
            fact("order.reduced", 3, ref="red_1", pieces=CHAIR_PIECES, amount_minor=8800),
            fact("shipment.stopped", 4, 2),
            fact("payment.captured", 5, 1, amount_minor=2200),
            fact("shipment.delivered", 6, 1, pieces=MUGS),
        ],
    ),
    "one mug is not found, the chair still waits": (
        "partially_dispatched",
        [
            fact("order.confirmed", 0),
            fact("shipment.shorted", 1, 1, ref="sho_1", pieces={"MUG-1": 1}),
            fact("order.reduced", 2, ref="sho_1", pieces={"MUG-1": 1}, amount_minor=1100),
            fact("shipment.dispatched", 3, 1, pieces={"MUG-1": 1}),
            fact("shipment.planned", 4, 2),
            fact("payment.captured", 5, 1, amount_minor=1100),
        ],
    ),
    "the chair comes back": (
        "delivered",
        [
            fact("order.confirmed", 0),
            fact("shipment.dispatched", 1, 2, pieces={"MUG-1": 2, "CHAIR-1": 1}),
            fact("shipment.delivered", 2, 2, pieces={"MUG-1": 2, "CHAIR-1": 1}),
            fact("order.return_requested", 3, ref="ret_1", pieces=CHAIR_PIECES),
            fact("order.return_authorized", 4, ref="ret_1"),
            fact("shipment.returned", 5, ref="ret_1", pieces=CHAIR_PIECES, amount_minor=8800),
            fact("payment.refunded", 6, ref="ret_1", amount_minor=8800),
        ],
    ),
}


def lived(facts: tuple[Fact, ...]) -> Life:
    return live(Order(order_id=ORDER, facts=facts, lines=LINES, currency="USD"))


@pytest.mark.parametrize("story", STORIES)
def test_every_order_of_arrival_folds_into_the_same_life(story: str) -> None:
    status, facts = STORIES[story]
    lives = []
    for arrival in permutations(facts):
        kept: tuple[Fact, ...] = ()
        for each in (*arrival, arrival[0]):
            kept = keep(kept, each)
        lives.append(lived(kept))
    assert (lives[0].status, len(lives[0].history)) == (status, len(facts))
    assert all(life == lives[0] for life in lives)


def test_a_story_whose_beginning_is_missing_shows_nothing_of_its_end() -> None:
    _, facts = STORIES["the chair comes back"]
    life = lived(tuple(facts[1:]))
    assert (life.status, life.history, life.returns, life.money) == (None, [], {}, {})


SHORTED = [
    told(confirmed(), 0),
    told(planned(1), 5),
    told(shorted(1, "MUG-1", 1), 6),
    told(dispatched(2), 10),
    told(delivered(2), 11),
]


def test_a_short_pick_reduces_the_order_once_however_it_is_told(
    open_orders: Callable[[], SqliteDatabase], emitted: Emitted
) -> None:
    """120 orders of arrival: the same document but for the id of the event that this service published."""
    documents, events = [], []
    for arrival in permutations(SHORTED):
        db = open_orders()
        with scope(lambda _: None):
            for envelope in (*arrival, arrival[2]):
                hear(db, envelope)
            order = db.get(Order, ORDER)
            assert order is not None
            facts = tuple(fact.model_copy(update={"id": ""}) for fact in order.facts)
            documents.append(order.model_copy(update={"facts": facts}))
            events.append(sorted((event.type, event.data.get("reduction_id", "")) for event in emitted(db)))
        db.close()
    assert all(document == documents[0] for document in documents)
    assert all(each == [("fraud.scored", ""), ("order.reduced", "sho_1")] for each in events)
    assert documents[0].status == "partially_dispatched"


def test_what_a_short_pick_drops_is_published_as_warehouse_said_it(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(confirmed(), 0))
    hear(db, told(shorted(1, "MUG-1", 1), 6))
    event = emitted(db)[-1]
    assert (event.type, event.data["reduction_id"], event.data["by"], event.data["reason"]) == (
        "order.reduced",
        "sho_1",
        "warehouse",
        "short_pick",
    )
    [line] = event.data["lines"]
    assert (line["sku"], line["quantity"], line["location"], line["shipment_id"][-1]) == ("MUG-1", 1, "reno-us", "1")
    assert event.data["total"] == usd("11.00").as_json()
    assert get_order(ORDER, db).lines[0].cancelled == 1


def test_a_back_ordered_piece_still_belongs_to_the_order(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(confirmed(), 0))
    hear(db, told(shorted(1, "MUG-1", 1, "backordered"), 6))
    assert [event.type for event in emitted(db)] == ["fraud.scored"]
    assert get_order(ORDER, db).lines[0].cancelled == 0


@pytest.mark.parametrize("confirmed_last", [False, True])
def test_an_order_of_which_nothing_is_found_is_cancelled(
    db: SqliteDatabase, emitted: Emitted, confirmed_last: bool
) -> None:
    story = [told(confirmed(), 0), told(shorted(1, "MUG-1", 2), 6), told(shorted(2, "CHAIR-1", 1), 7)]
    for envelope in reversed(story) if confirmed_last else story:
        hear(db, envelope)
    assert get_order(ORDER, db).status == "cancelled"
    kinds = [event.type for event in emitted(db) if event.type != "fraud.scored"]
    assert kinds == ["order.reduced", "order.reduced", "order.cancelled"]
    assert emitted(db)[-1].data["reason"] == "short_pick"


def test_of_a_cancelled_order_nothing_is_left_to_drop(db: SqliteDatabase, emitted: Emitted) -> None:
    hear(db, told(confirmed(), 0))
    cancel(db, stops(CHAIR, total="88.00"))
    hear(db, told(shorted(1, "MUG-1", 2), 6))
    assert [event.type for event in emitted(db)][-1] == "order.cancelled"
    assert get_order(ORDER, db).status == "cancelled"


def test_a_return_ends_the_same_however_it_is_told(open_orders: Callable[[], SqliteDatabase], emitted: Emitted) -> None:
    """The goods, a refund that fails, one that works, and a late capture: 24 orders of arrival."""
    for arrival in permutations(range(4)):
        db = open_orders()
        with scope(lambda _: None):
            for minute, event in enumerate((confirmed(), dispatched(1), delivered(1), captured(1), dispatched(2))):
                hear(db, told(event, minute))
            return_id = ask_to_return(db).returns[0].return_id
            authorize(db, return_id)
            late = (
                told(came_back(db, return_id), 30),
                told(refund_failed(return_id, "22.00"), 31),
                told(refunded(return_id, "22.00"), 32),
                told(captured(2), 33),
            )
            for index in (*arrival, arrival[0]):
                hear(db, late[index])
            answer = get_order(ORDER, db)
            [finished] = [event for event in emitted(db) if event.type == "order.return_refunded"]
            goods = db.get(Return, return_id)
        assert goods is not None
        assert (goods.status, goods.refunded_minor, answer.returns[0].status) == ("refunded", 2200, "refunded")
        assert (answer.payments.captured, answer.payments.refunded) == (usd("110.00"), usd("22.00"))
        assert finished.data["total"] == usd("22.00").as_json()
        assert answer.lines[0].returned == 2
        db.close()


@pytest.mark.parametrize(
    ("first", "impossible"),
    [
        (fact("order.cancelled", 0), fact("shipment.dispatched", 1, 1)),
        (fact("shipment.delivered", 0, 1), fact("order.cancelled", 1)),
        (fact("order.rejected", 0), fact("order.cancelled", 1)),
        (fact("order.return_rejected", 0, ref="ret_1"), fact("shipment.returned", 1, ref="ret_1")),
        (fact("order.return_rejected", 0, ref="ret_1"), fact("shipment.return_lapsed", 1, ref="ret_1")),
        (fact("shipment.return_lapsed", 0, ref="ret_1"), fact("shipment.returned", 1, ref="ret_1")),
        (fact("shipment.returned", 0, ref="ret_1"), fact("shipment.return_lapsed", 1, ref="ret_1")),
    ],
)
def test_what_cannot_be_true_is_refused(first: Fact, impossible: Fact) -> None:
    with pytest.raises(Undeliverable, match="contradicts"):
        keep((first,), impossible)


def test_a_return_that_nobody_asked_for_is_undeliverable(db: SqliteDatabase) -> None:
    hear(db, told(held(), 0))
    with pytest.raises(Undeliverable, match="has no return"):
        hear(db, told(refunded("ret_unknown", "22.00"), 1))


def test_a_stopped_shipment_of_an_order_that_goes_on_is_shown(db: SqliteDatabase) -> None:
    for minute, event in enumerate((confirmed(), planned(2), stopped(2))):
        hear(db, told(event, minute))
    assert [(each.shipment_id[-1], each.status) for each in get_order(ORDER, db).shipments] == [("2", "stopped")]
