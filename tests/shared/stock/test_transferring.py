"""Pieces on their way from one location to another: out, in transit, and in; on the books all the way."""

from datetime import datetime, timedelta

import pytest

from shared.errors import IllegalTransition, Invalid, NotFound
from shared.stock.control_totals import control_totals
from shared.stock.levels import level
from shared.stock.transferring import ReceiveTransfer, SendTransfer, receive, send
from shared.stock.transfers import TransferAnswer, listed
from shared.storage import Database
from tests.shared.stock.examples import MUG, NEWARK, RENO, ledger, reserved, stocked, usd
from tests.shared.stock.stories import unexplained

BOOK = ledger()


@pytest.fixture
def mugs(db: Database, now: datetime) -> None:
    """Ten mugs in Newark at 2.50, four of them held."""
    stocked(db, BOOK, now, (MUG, NEWARK, 10, "2.50"))
    reserved(db, BOOK, "ord_1", {MUG: 4}, now)


def sent(db: Database, now: datetime, quantity: int = 6, transfer_id: str = "trf_1", **changed) -> TransferAnswer:
    body = {"sku": MUG, "quantity": quantity, "from_location": NEWARK, "to_location": RENO, "by": "joe", **changed}
    command = SendTransfer.model_validate(body)
    return db.transact(lambda tx: send(tx, BOOK, transfer_id, command, now))


def arrived(db: Database, now: datetime, quantity: int, reason: str | None = None) -> TransferAnswer:
    command = ReceiveTransfer(quantity=quantity, by="ann", reason=reason)
    return db.transact(lambda tx: receive(tx, BOOK, "trf_1", command, now))


def figures(db: Database) -> dict[str, tuple[int, int]]:
    """On hand and in transit by location."""
    return {each.location: (each.on_hand, each.in_transit) for each in level(db, BOOK, MUG).locations}


def test_pieces_in_transit_are_on_the_books_and_not_for_sale(db: Database, mugs: None, now: datetime, emitted):
    answer = sent(db, now)
    assert (answer.status, answer.received, answer.written_off) == ("in_transit", None, None)
    assert (figures(db)[NEWARK], figures(db)[RENO]) == ((4, 0), (0, 6))
    assert (level(db, BOOK, MUG).available, level(db, BOOK, MUG).in_transit) == (0, 6)
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 10
    event = emitted(db)[-1]
    assert (event.type, event.subject) == ("inventory.moved", "trf_1")
    assert {name: event.data[name] for name in ("from_location", "from_state", "to_location", "to_state")} == {
        "from_location": NEWARK,
        "from_state": "sellable",
        "to_location": RENO,
        "to_state": "in_transit",
    }
    assert unexplained(db, BOOK, now) == {}


def test_what_arrives_is_for_sale_there_at_the_cost_it_left_with(db: Database, mugs: None, now: datetime, emitted):
    sent(db, now)
    told = len(emitted(db))
    answer = arrived(db, now, 6)
    assert (answer.status, answer.received, answer.written_off) == ("received", 6, 0)
    assert (figures(db)[NEWARK], figures(db)[RENO]) == ((4, 0), (6, 0))
    assert [event.type for event in emitted(db)[told:]] == ["inventory.moved"]
    assert emitted(db)[-1].data["movement_id"] == "trf_1.received"
    assert unexplained(db, BOOK, now) == {}


def test_the_missing_part_is_written_off_with_its_reason(db: Database, mugs: None, now: datetime, emitted):
    sent(db, now)
    answer = arrived(db, now, 4, "lost on the road")
    assert (answer.received, answer.written_off) == (4, 2)
    assert figures(db)[RENO] == (4, 0)
    event = emitted(db)[-1]
    assert (event.type, event.data["adjustment_id"], event.data["reason"], event.data["by"]) == (
        "inventory.adjusted",
        "adj_trf_1",
        "lost on the road",
        "ann",
    )
    assert event.data["lines"] == [
        {"sku": MUG, "location": RENO, "state": "in_transit", "delta": -2, "value": usd("-5.00").as_json()}
    ]
    assert control_totals(db, BOOK, now).totals["movements.MUG"] == 8
    assert unexplained(db, BOOK, now) == {}


def test_nothing_may_arrive_at_all(db: Database, mugs: None, now: datetime):
    sent(db, now)
    assert arrived(db, now, 0, "lorry burnt").written_off == 6
    assert level(db, BOOK, MUG).on_hand == 4
    assert unexplained(db, BOOK, now) == {}


def test_a_transfer_is_received_once(db: Database, mugs: None, now: datetime, emitted):
    sent(db, now)
    first = arrived(db, now, 5, "lost")
    told = len(emitted(db))
    assert arrived(db, now, 5) == first
    with pytest.raises(IllegalTransition, match="5 pieces of trf_1 were received"):
        arrived(db, now, 6)
    assert len(emitted(db)) == told
    assert figures(db)[RENO] == (5, 0)


@pytest.mark.parametrize(
    ("quantity", "field", "says"),
    [
        (7, "quantity", "expected at most 6: so many were sent; adjust what is over"),
        (5, "reason", "expected why 1 pieces are missing, which are written off"),
    ],
)
def test_a_wrong_receipt_is_refused_and_the_transfer_stays_open(
    db: Database, mugs: None, now: datetime, quantity: int, field: str, says: str
):
    sent(db, now)
    with pytest.raises(Invalid) as refused:
        arrived(db, now, quantity)
    assert refused.value.extra["errors"] == [{"field": field, "message": says}]
    assert figures(db)[RENO] == (0, 6)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"quantity": 7}, "quantity"),
        ({"to_location": NEWARK}, "to_location"),
        ({"to_location": "paris-fr"}, "to_location"),
        ({"from_location": "paris-fr"}, "from_location"),
        ({"sku": "FURN-001"}, "sku"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_field(db: Database, mugs: None, now: datetime, emitted, changed, field):
    told = len(emitted(db))
    with pytest.raises(Invalid) as refused:
        sent(db, now, **changed)
    assert [each["field"] for each in refused.value.extra["errors"]] == [field]
    assert len(emitted(db)) == told


def test_an_unknown_transfer_is_not_found(db: Database, now: datetime):
    with pytest.raises(NotFound):
        arrived(db, now, 1)


def test_transfers_are_listed_by_status_oldest_first(db: Database, mugs: None, now: datetime):
    sent(db, now, 1, "trf_1")
    sent(db, now - timedelta(hours=1), 1, "trf_2")
    assert [each.transfer_id for each in listed(db, "in_transit", None).items] == ["trf_2", "trf_1"]
    arrived(db, now, 1)
    assert [each.transfer_id for each in listed(db, "received", None).items] == ["trf_1"]
