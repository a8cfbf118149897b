"""Who was merged into a customer, by whom and why: under these ids their orders and messages were made."""

from datetime import datetime, timedelta

import pytest

from functions.crm.list_merges import list_merges
from functions.crm.merge_customers import MergeCustomers, merge_customers
from shared.errors import NotFound
from shared.storage import Database
from tests.functions.crm.people import register

DAY = timedelta(days=1)


def merge(db: Database, keep: str, other: str, at: datetime, reason: str) -> None:
    merge_customers(MergeCustomers(keep=keep, merge=other, by="carol", reason=reason), db, at)


def listed(db: Database, customer_id: str) -> list[tuple[str, str, str, str]]:
    return [(each.merged_id, each.customer_id, each.by, each.reason) for each in list_merges(customer_id, db).items]


def test_records_that_were_merged_into_merged_ones_are_named_too(db: Database, now: datetime) -> None:
    ada, countess, byron, other = (register(db, now, name) for name in ("ada", "countess", "byron", "other"))
    merge(db, countess, byron, now + DAY, "maiden name")
    merge(db, ada, countess, now + 2 * DAY, "same telephone")

    expected = [
        (countess, ada, "carol", "same telephone"),
        (byron, countess, "carol", "maiden name"),
    ]
    for customer_id in (ada, countess, byron):
        assert listed(db, customer_id) == expected
        assert list_merges(customer_id, db).customer_id == ada
    assert list_merges(ada, db).items[1].merged_at == now + DAY
    assert listed(db, other) == [], "nobody else's"


def test_nobody_is_merged_into_an_unknown_customer(db: Database, now: datetime) -> None:
    with pytest.raises(NotFound):
        list_merges("cus_nobody", db)
