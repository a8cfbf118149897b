"""Returns that were authorized and never came: nothing is refunded, and the pieces may be asked back again."""

from collections.abc import Callable

import pytest

from functions.order_management.get_timeline import get_timeline
from functions.order_management.list_returns import list_returns
from shared.errors import IllegalTransition, Undeliverable
from shared.events import Envelope, Event
from shared.storage.sqlite import SqliteDatabase
from tests.functions.order_management.changes import ask_to_return, authorize, came_back, never_came, refunded
from tests.functions.order_management.stories import (
    ORDER,
    captured,
    confirmed,
    delivered,
    dispatched,
    hear,
    told,
    usd,
)

Emitted = Callable[[SqliteDatabase], list[Envelope]]


@pytest.fixture
def arrived(db: SqliteDatabase) -> SqliteDatabase:
    """The mugs (22.00) have arrived and are charged."""
    for minute, event in enumerate((confirmed(), dispatched(1), captured(1), delivered(1))):
        hear(db, told(event, minute))
    return db


def returned(db: SqliteDatabase, **changes: object) -> str:
    return ask_to_return(db, **changes).returns[-1].return_id  # type: ignore[arg-type]


def test_a_return_that_never_comes_ends_and_its_pieces_may_be_asked_back_again(
    arrived: SqliteDatabase, emitted: Emitted
) -> None:
    lapsed = returned(arrived, refund_shipping=True)
    authorize(arrived, lapsed)
    with pytest.raises(IllegalTransition, match="nothing of it can be returned"):
        returned(arrived, reason="found them")
    before = len(emitted(arrived))
    for _ in range(2):
        hear(arrived, told(never_came(lapsed), 150))
    assert [each.return_id for each in list_returns(arrived, status="lapsed").items] == [lapsed]
    assert len(emitted(arrived)) == before, "nothing is refunded and nothing else is said"
    told_last = get_timeline(ORDER, arrived).items[-1]
    assert (told_last.who, told_last.sentence) == (
        "warehouse",
        "The return did not come in time; it may be asked for again.",
    )
    with pytest.raises(IllegalTransition, match="is lapsed"):
        authorize(arrived, lapsed)

    again = returned(arrived, reason="found them")
    assert again != lapsed
    assert authorize(arrived, again).returns[-1].total == usd("22.00"), "to the cent what was charged"
    hear(arrived, told(came_back(arrived, again), 60))
    hear(arrived, told(refunded(again, "22.00"), 61))
    assert [each.status for each in list_returns(arrived).items] == ["lapsed", "refunded"]


def test_a_lapse_that_is_told_before_its_authorization_is_heard_waits(arrived: SqliteDatabase) -> None:
    return_id = returned(arrived)
    hear(arrived, told(never_came(return_id), 50))
    assert [each.status for each in list_returns(arrived).items] == ["requested"]
    assert authorize(arrived, return_id).returns[0].status == "lapsed"


@pytest.mark.parametrize("came", [came_back, lambda db, return_id: never_came(return_id)], ids=["came", "lapsed"])
def test_a_return_of_another_order_is_undeliverable(arrived: SqliteDatabase, came: Callable[..., Event]) -> None:
    return_id = returned(arrived)
    authorize(arrived, return_id)
    event = came(arrived, return_id).model_copy(update={"order_id": "ord_other"})
    with pytest.raises(Undeliverable, match="has no return"):
        hear(arrived, told(event, 50))
    assert list_returns(arrived).items[0].status == "authorized"
