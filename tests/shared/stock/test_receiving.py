"""Goods come in: checked by field, counted once."""

from datetime import datetime

import pytest
from pydantic import ValidationError

from shared.errors import Invalid
from shared.stock.commands import ReceiveStock
from shared.stock.movements import Movement
from shared.stock.receiving import receive
from shared.stock.stock import Stock
from shared.storage import Database
from shared.values.money import Money
from tests.shared.stock.examples import MUG, NEWARK, RENO, ledger, usd

BOOK = ledger()


def goods(**changed) -> ReceiveStock:
    return ReceiveStock(**{"sku": MUG, "location": NEWARK, "quantity": 10, "unit_cost": usd("2.40"), **changed})


def test_a_receipt_adds_pieces_and_value_and_is_published(db: Database, now: datetime, emitted):
    receipt = db.transact(lambda tx: receive(tx, BOOK, "rcp_1", goods(), now))
    assert receipt.model_dump() == {
        "receipt_id": "rcp_1",
        "sku": MUG,
        "location": NEWARK,
        "quantity": 10,
        "on_hand": 10,
    }
    stock, movement = db.get(Stock, "MUG.0"), db.get(Movement, "rcp_1.MUG.newark-us")
    assert (stock.on_hand, stock.reserved, stock.value_minor) == (10, 0, 2400)
    assert (movement.kind, movement.delta, movement.value_minor, movement.at) == ("receipt", 10, 2400, now)
    (event,) = emitted(db)
    assert (event.type, event.subject, event.time) == ("inventory.received", MUG, now)
    assert event.data == {
        "receipt_id": "rcp_1",
        "sku": MUG,
        "location": NEWARK,
        "quantity": 10,
        "unit_cost": {"currency": "USD", "amount": "2.40"},
    }


def test_the_same_receipt_again_changes_nothing(db: Database, now: datetime, emitted):
    for _ in range(2):
        receipt = db.transact(lambda tx: receive(tx, BOOK, "rcp_1", goods(), now))
    assert receipt.on_hand == 10
    assert db.get(Stock, "MUG.0").value_minor == 2400
    assert len(emitted(db)) == 1


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"sku": "FURN-001"}, "sku", "expected a parcel product: MUG, JAR"),
        ({"location": "paris-fr"}, "location", "expected one of newark-us, reno-us, venlo-nl"),
        ({"unit_cost": Money.of("2.40", "EUR")}, "unit_cost", "expected an amount in USD, in which stock is valued"),
        ({"unit_cost": usd("0.00")}, "unit_cost", "expected more than zero and at most 1000000.00"),
        ({"unit_cost": usd("-1.00")}, "unit_cost", "expected more than zero and at most 1000000.00"),
        ({"unit_cost": usd("1000000.01")}, "unit_cost", "expected more than zero and at most 1000000.00"),
    ],
)
def test_a_wrong_field_is_named_with_what_would_be_right(db: Database, now: datetime, emitted, changed, field, says):
    with pytest.raises(Invalid) as refused:
        db.transact(lambda tx: receive(tx, BOOK, "rcp_1", goods(**changed), now))
    assert refused.value.extra["errors"] == [{"field": field, "message": says}]
    assert emitted(db) == []
    assert db.get(Stock, "MUG.0") is None


@pytest.mark.parametrize("quantity", [0, -1, 1_000_001])
def test_a_quantity_is_one_to_a_million(quantity: int):
    with pytest.raises(ValidationError):
        goods(quantity=quantity)


def test_places_of_one_sku_share_its_average_cost(db: Database, now: datetime):
    db.transact(lambda tx: receive(tx, BOOK, "rcp_1", goods(), now))
    db.transact(lambda tx: receive(tx, BOOK, "rcp_2", goods(location=RENO, unit_cost=usd("4.40")), now))
    assert db.get(Stock, "MUG.0").average_cost_minor == 340
