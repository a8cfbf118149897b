"""Entries balance by construction, are posted once, and leave totals that equal their sums."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pydantic import ValidationError

from functions.accounting.ledger import AccountTotal, Cause, JournalEntry, post
from functions.accounting.sides import credit, debit
from shared.events import Envelope
from shared.events.journal import Posting
from shared.storage import Database
from shared.values.money import Money
from tests.functions.accounting.one_order import START, usd

CAUSE = Cause(event_id="evt_1", type="test.happened", at=START)
Emitted = Callable[[Database], list[Envelope]]


def entry(*postings: Posting, **others: Any) -> JournalEntry:
    sums = {
        "debit_minor": sum(each.debit.minor for each in postings),
        "credit_minor": sum(each.credit.minor for each in postings),
    }
    plain = {"entry_id": "e", "event_id": "evt_1", "leg": "l", "cause": "c", "currency": "USD"}
    return JournalEntry(**{**plain, **sums, "postings": postings, "occurred_at": START, "posted_at": START, **others})


@pytest.mark.parametrize(
    "postings",
    [
        (debit("a", usd("10.00")), credit("b", usd("9.99"))),
        (debit("a", usd("10.00")), debit("b", usd("10.00"))),
        (debit("a", usd("-1.00")), credit("b", usd("-1.00"))),
        (debit("a", usd("0.00")), credit("b", usd("0.00"))),
        (debit("a", usd("1.00")), credit("b", Money("EUR", 100))),
        (Posting(account="a", debit=usd("1.00"), credit=usd("1.00")),),
        (Posting(account="a", debit=usd("1.00"), credit=Money("EUR", 0)), credit("b", usd("1.00"))),
        (),
    ],
    ids=["a cent short", "one side only", "negative", "zero", "two currencies", "both sides", "mixed", "empty"],
)
def test_an_unbalanced_entry_cannot_be_built(postings: tuple[Posting, ...]) -> None:
    with pytest.raises(ValidationError):
        entry(*postings)


def test_sums_beside_the_postings_must_be_theirs() -> None:
    assert entry(debit("a", usd("1.00")), credit("b", usd("1.00"))).debit_minor == 100
    with pytest.raises(ValidationError):
        entry(debit("a", usd("1.00")), credit("b", usd("1.00")), debit_minor=101, credit_minor=101)


def test_an_unbalanced_posting_books_nothing(db: Database, emitted: Emitted, now: datetime) -> None:
    with pytest.raises(ValidationError):
        db.transact(lambda tx: post(tx, CAUSE, "leg", [debit("a", usd("1.00"))], None, now))

    assert db.aggregate(JournalEntry).count == 0
    assert db.aggregate(AccountTotal).count == 0
    assert emitted(db) == []


def test_posting_twice_does_nothing(db: Database, emitted: Emitted, now: datetime) -> None:
    postings = [debit("a", usd("1.00")), credit("b", usd("1.00"))]
    for _ in range(2):
        db.transact(lambda tx: post(tx, CAUSE, "leg", postings, None, now))

    assert db.aggregate(JournalEntry).count == 1
    assert db.aggregate(AccountTotal, sums=("debit_minor", "credit_minor")).sums == {
        "debit_minor": 100,
        "credit_minor": 100,
    }
    assert [event.type for event in emitted(db)] == ["journal.posted"]


def test_zero_postings_are_left_out_and_an_entry_of_zeroes_is_not_booked(
    db: Database, emitted: Emitted, now: datetime
) -> None:
    zero = usd("0.00")
    db.transact(lambda tx: post(tx, CAUSE, "free", [debit("a", zero), credit("b", zero)], None, now))
    db.transact(
        lambda tx: post(
            tx, CAUSE, "leg", [debit("a", usd("2.00")), credit("b", usd("2.00")), credit("c", zero)], None, now
        )
    )

    found = db.query(JournalEntry).items
    assert [(each.entry_id, [posting.account for posting in each.postings]) for each in found] == [
        ("evt_1.leg.USD", ["a", "b"])
    ]
    assert emitted(db)[0].data == {
        "entry_id": "evt_1.leg.USD",
        "cause": "test.happened",
        "entity": "ob-us",
        "postings": [
            {
                "account": "a",
                "debit": {"currency": "USD", "amount": "2.00"},
                "credit": {"currency": "USD", "amount": "0.00"},
            },
            {
                "account": "b",
                "debit": {"currency": "USD", "amount": "0.00"},
                "credit": {"currency": "USD", "amount": "2.00"},
            },
        ],
    }


def test_two_currencies_make_an_entry_each(db: Database, now: datetime) -> None:
    yen = Money("JPY", 1200)
    postings = [debit("a", usd("1.00")), credit("b", usd("1.00")), debit("a", yen), credit("b", yen)]
    db.transact(lambda tx: post(tx, CAUSE, "leg", postings, None, now))

    assert [(each.entry_id, each.debit_minor) for each in db.query(JournalEntry).items] == [
        ("evt_1.leg.JPY", 1200),
        ("evt_1.leg.USD", 100),
    ]


def test_totals_are_spread_over_sixteen_shards(db: Database, now: datetime) -> None:
    postings = [debit("a", usd("0.01")), credit("b", usd("0.01"))]

    def post_many(tx: Any) -> None:
        for number in range(100):
            post(tx, Cause(event_id=f"evt_{number}", type="t", at=START), "leg", postings, None, now)

    db.transact(post_many)

    shards = db.query(AccountTotal).items
    assert len(shards) == 32
    assert sum(shard.debit_minor for shard in shards if shard.account == "a") == 100
    assert all(shard.debit_minor < 20 for shard in shards)
