"""An order's life in sentences that a person can read, in the order of time."""

from datetime import timedelta

import pytest

from functions.order_management.causality import RANK
from functions.order_management.get_timeline import get_timeline
from functions.order_management.order import Fact, Order, Way
from functions.order_management.sentences import SENTENCES, sentence, who
from shared.errors import NotFound
from shared.events.payment import PaymentVoided
from shared.events.shipment import ShipmentScanned
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import (
    CHAIR,
    LATER,
    ask_to_return,
    authorize,
    came_back,
    cancel,
    pieces,
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


def sentences(db: SqliteDatabase) -> list[tuple[str, str]]:
    return [(each.who, each.sentence) for each in get_timeline(ORDER, db).items]


def test_an_order_that_is_partly_cancelled_and_sent_back_reads_as_it_went(db: SqliteDatabase) -> None:
    story = (confirmed(), planned(1), planned(2), dispatched(1), captured(1), delivered(1))
    for minute, event in enumerate(story):
        hear(db, told(event, minute))
    cancel(db, stops(CHAIR, left=(1,), total="88.00"))
    hear(db, told(stopped(2), 121))
    return_id = ask_to_return(db, START.replace(hour=11), lines=pieces(MUG=1)).returns[0].return_id
    authorize(db, return_id, START.replace(hour=12))
    hear(db, told(came_back(db, return_id), 300))
    hear(db, told(refunded(return_id, "11.00"), 301), START.replace(hour=14))
    assert sentences(db) == [
        ("checkout", "Ordered: 2 The MUG-1 and 1 The CHAIR-1 for 110.00 USD."),
        ("warehouse", "Shipment 1 was planned."),
        ("warehouse", "Shipment 2 was planned."),
        ("warehouse", "2 The MUG-1 left Reno by parcel, T1."),
        ("payment", "22.00 USD was charged for what left."),
        ("warehouse", "2 The MUG-1 arrived."),
        ("grace", "1 The CHAIR-1 will not be sent: called; 88.00 USD is not charged."),
        ("warehouse", "Shipment 2 was stopped before it left: cancelled."),
        ("grace", "Wants to return 1 The MUG-1, charged 11.00 USD: called."),
        ("grace", "The return may come in: called."),
        ("warehouse", "1 The MUG-1 came back; 11.00 USD is to be refunded."),
        ("payment", "11.00 USD was refunded."),
        ("system", "The return is finished: 11.00 USD went back."),
    ]
    items = get_timeline(ORDER, db).items
    assert [each.at for each in items] == sorted(each.at for each in items)
    assert (items[3].type, items[3].shipment_id) == ("shipment.dispatched", f"shp_{ORDER[4:]}-1")


def test_a_held_order_says_what_fraud_saw_and_a_cancelled_one_why(db: SqliteDatabase) -> None:
    hear(db, told(held(), 0))
    cancel(db, stops())
    voided = PaymentVoided(order_id=ORDER, payment_id="pay_1", amount=usd("110.00"), gateway="sandbox")
    hear(db, told(voided, 130))
    assert [each.sentence for each in get_timeline(ORDER, db).items] == [
        "Ordered and held for review: 2 The MUG-1 and 1 The CHAIR-1 for 110.00 USD; score 70 (new card 70).",
        "Cancelled: called.",
        "110.00 USD is no longer held on the card.",
    ]


@pytest.mark.parametrize(
    ("resolution", "words"),
    [("dropped", "they will not be sent"), ("backordered", "they follow when there is stock")],
)
def test_a_short_pick_says_what_becomes_of_the_pieces(db: SqliteDatabase, resolution: str, words: str) -> None:
    hear(db, told(confirmed(), 0))
    hear(db, told(shorted(1, "MUG-1", 1, resolution), 6))
    assert ("warehouse", f"1 The MUG-1 could not be found in Reno; {words}.") in sentences(db)


def test_of_a_parcels_way_only_what_a_customer_asks_about_is_told(db: SqliteDatabase) -> None:
    seen = [("in_transit", 20), ("exception", 25), ("out_for_delivery", 30), ("delivered", 40)]
    for status, minute in reversed(seen):
        for number in range(2):
            scanned = ShipmentScanned(
                order_id=ORDER,
                shipment_id=shipment_id(1),
                tracking_number="T1",
                status=status,
                place="Oakland",
                scanned_at=START + timedelta(minutes=minute),
            )
            hear(db, told(scanned, 60 + minute, f"evt_{status}_{number}"))
    for minute, event in enumerate((confirmed(), dispatched(1), delivered(1))):
        hear(db, told(event, 15 * minute))
    assert sentences(db)[1:] == [
        ("warehouse", "2 The MUG-1 left Reno by parcel, T1."),
        ("carrier", "Shipment 1 was seen by its carrier: exception, Oakland."),
        ("carrier", "Shipment 1 was seen by its carrier: out for delivery, Oakland."),
        ("warehouse", "2 The MUG-1 arrived."),
    ]


def test_nothing_is_told_of_an_order_that_is_not_known(db: SqliteDatabase) -> None:
    hear(db, told(dispatched(1), 10))
    with pytest.raises(NotFound):
        get_timeline(ORDER, db)


@pytest.mark.parametrize("type_", sorted(RANK))
def test_every_fact_has_its_sentence_and_somebody_who_did_it(type_: str) -> None:
    assert set(SENTENCES) == set(RANK)
    way = Way(fulfilment="freight", location="a-new-place")
    bare = Fact(type=type_, id="evt_1", at=LATER, shipment_id="shp_1-1", pieces={"OLD-1": 1}, amount_minor=1)
    for fact in (bare, bare.model_copy(update={"way": way, "reason": "dropped"})):
        told_ = sentence(Order(order_id=ORDER, currency="USD"), fact)
        assert told_[0].isupper() or told_[0].isdigit()
        assert told_.endswith(".")
        assert "None" not in told_
    assert who(bare) in {"checkout", "fraud", "warehouse", "payment", "system", "carrier"}
