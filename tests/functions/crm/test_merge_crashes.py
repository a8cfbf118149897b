"""A merge that is cut short is finished later; one that meets a delivery loses nothing; no commit is too large."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.crm import merges
from functions.crm.customer import EmailClaim
from functions.crm.finish_merges import finish_merges
from functions.crm.list_points import list_points
from functions.crm.merge_customers import MergeAnswer, MergeCustomers, merge_customers
from functions.crm.purchases import Purchase
from functions.crm.record_delivery import record_delivery
from functions.crm.resolve_customer import ResolveCustomer, resolve_customer
from shared.storage import Database, Transaction
from tests.functions.crm.people import delivered, hear, register, sealed, stored

DAY = timedelta(days=1)


def merge(db: Database, keep: str, other: str, at: datetime) -> MergeAnswer:
    return merge_customers(MergeCustomers(keep=keep, merge=other, by="carol", reason="one person"), db, at)


def resolve(db: Database, name: str, at: datetime, customer_id: str | None = None) -> str:
    asked = {"email": f"{name}@example.com", "first_name": "Ada", "last_name": "L", "id": customer_id}
    return db.transact(lambda tx: resolve_customer(ResolveCustomer.model_validate(asked), tx, at)).customer_id


def test_a_crash_at_any_batch_leaves_work_that_is_done_later(
    open_crm: Callable[[], Database], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merges, "MOVED_AT_ONCE", 2)
    for survived in range(12):
        db = open_crm()
        ada, countess = register(db, now), register(db, now, "countess")
        for number in range(5):
            hear(db, delivered(countess, "10.00", f"shp_{number}", f"ord_{number}"), now)

        crash_after(db, survived, monkeypatch, lambda db=db, one=ada, two=countess: merge(db, one, two, now))
        if stored(db, countess).merged_into is not None:
            hear(db, delivered(countess, "10.00", "shp_9", "ord_9"), now)
            assert resolve(db, "countess", now) == ada, "from the first commit on"
            finish_merges(db, now + DAY)
            assert list_points(ada, db).balance == 60
            assert db.aggregate(Purchase, customer_id=countess).count == 0
            assert db.aggregate(EmailClaim, customer_id=ada).count == 2
        else:
            assert survived == 0


class Crashed(BaseException):
    """The process is gone."""


def crash_after(db: Database, commits: int, patch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Do the work until so many transactions of it were committed."""
    left, transact = [commits], db.transact

    def counted(one: Callable[..., Any]) -> Any:
        if not left[0]:
            raise Crashed
        left[0] -= 1
        return transact(one)

    with patch.context() as patched:
        patched.setattr(db, "transact", counted)
        with suppress(Crashed):
            work()


def test_no_commit_holds_more_than_five_hundred_writes(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, countess = register(db, now), register(db, now, "countess")
    for number in range(450):
        hear(db, delivered(countess, "1.00", f"shp_{number}", f"ord_{number}"), now)

    merge(db, ada, countess, now)

    assert merges.MOVED_AT_ONCE <= 200
    assert list_points(ada, db).balance == 450


def test_a_delivery_that_meets_a_merge_half_way_is_booked_under_the_kept_record(db: Database, now: datetime) -> None:
    ada, countess = register(db, now), register(db, now, "countess")
    event, runs = delivered(countess, "10.00"), []

    def work(tx: Transaction) -> None:
        record_delivery(event, sealed(event, now), tx, now)
        runs.append(1)
        if len(runs) == 1:  # the merge commits, and moves what there is, before this does
            with ThreadPoolExecutor(1) as pool:
                pool.submit(merge, db, ada, countess, now).result(10)

    db.transact(work)

    assert len(runs) == 2
    assert list_points(ada, db).balance == 10
    assert db.aggregate(Purchase, customer_id=countess).count == 0
