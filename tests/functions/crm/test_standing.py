"""Whether a customer may order, who said so and why."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from functions.crm.list_standing_changes import list_standing_changes
from functions.crm.set_standing import SetStanding, StandingAnswer, set_standing
from shared.errors import NotFound
from shared.events import Envelope
from shared.storage import Database
from tests.functions.crm.people import profile, register

HOUR = timedelta(hours=1)


def say(db: Database, customer_id: str, standing: str, reason: str, at: datetime, by: str = "carol") -> StandingAnswer:
    command = SetStanding.model_validate({"standing": standing, "by": by, "reason": reason})
    return db.transact(lambda tx: set_standing(customer_id, command, tx, at))


def test_each_change_is_kept_with_who_and_why(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    ada = register(db, now)

    said = say(db, ada, "blocked", "three chargebacks", now)
    say(db, ada, "watch", "paid all three", now + HOUR, by="dave")

    assert said.model_dump(mode="json") == {
        "customer_id": ada,
        "standing": "blocked",
        "by": "carol",
        "reason": "three chargebacks",
        "at": "2026-11-20T08:00:00.000000Z",
    }
    assert (profile(db, ada, now).standing, profile(db, ada, now).standing_reason) == ("watch", "paid all three")
    assert [(each.before, each.after, each.by) for each in list_standing_changes(ada, db).items] == [
        ("blocked", "watch", "dave"),
        ("good", "blocked", "carol"),
    ]
    events = [each for each in emitted(db) if each.type == "customer.standing_changed"]
    assert [each.data for each in events] == [
        {"customer_id": ada, "before": "good", "after": "blocked", "by": "carol", "reason": "three chargebacks"},
        {"customer_id": ada, "before": "blocked", "after": "watch", "by": "dave", "reason": "paid all three"},
    ]


def test_the_same_said_again_changes_nothing(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    ada = register(db, now)
    first = say(db, ada, "watch", "odd addresses", now)
    before = emitted(db)

    assert say(db, ada, "watch", "odd addresses", now + HOUR, by="dave") == first
    assert emitted(db) == before
    assert len(list_standing_changes(ada, db).items) == 1


def test_a_new_reason_is_kept_though_the_standing_is_the_same(db: Database, now: datetime) -> None:
    ada = register(db, now)
    say(db, ada, "watch", "odd addresses", now)
    say(db, ada, "watch", "five cards", now + HOUR)

    assert [(each.before, each.reason) for each in list_standing_changes(ada, db).items] == [
        ("watch", "five cards"),
        ("good", "odd addresses"),
    ]


def test_the_history_comes_in_pages(db: Database, now: datetime) -> None:
    ada = register(db, now)
    for number in range(5):
        say(db, ada, "watch", f"reason {number}", now + number * HOUR)

    first = list_standing_changes(ada, db, limit=3)
    rest = list_standing_changes(ada, db, cursor=first.next_cursor, limit=3)

    assert [each.reason for each in (*first.items, *rest.items)] == [f"reason {number}" for number in range(4, -1, -1)]
    assert rest.next_cursor is None


@pytest.mark.parametrize("change", [{"standing": "bad"}, {"by": ""}, {"reason": "  "}, {"x": 1}], ids=str)
def test_rejects_what_says_too_little(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SetStanding.model_validate({"standing": "watch", "by": "carol", "reason": "odd", **change})


def test_nobody_unknown_is_blocked(db: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        say(db, "cus_unknown", "blocked", "why not", now)
