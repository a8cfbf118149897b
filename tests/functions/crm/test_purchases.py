"""Spend and points of deliveries and refunds, in whatever order they are told of."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.crm.base_currency import in_base
from functions.crm.list_points import list_points
from functions.crm.purchases import Earning, Purchase, Refund
from functions.crm.record_delivery import record_delivery
from shared.errors import Undeliverable
from shared.events import Envelope
from shared.storage import Database, Document, Transaction
from shared.values.money import Money
from tests.functions.crm.people import ORDER, delivered, hear, ledger, profile, rate, refunded, register, sealed

DAY = timedelta(days=1)


class Counting:
    """A transaction that counts its writes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self.writes: list[str] = []

    def get(self, kind: type[Document], key: str) -> Any:
        return self._tx.get(kind, key)

    def put(self, document: Document) -> None:
        self.writes.append(document.collection)
        self._tx.put(document)


def test_a_delivery_earns_a_point_for_each_whole_dollar_of_goods(db: Database, now: datetime) -> None:
    ada = register(db, now)

    hear(db, delivered(ada, "116.77"), now)

    assert profile(db, ada, now).loyalty.model_dump(mode="json") == {
        "tier": "bronze",
        "points": 116,
        "spend": {"currency": "USD", "amount": "116.77"},
    }
    points = list_points(ada, db)
    assert (points.balance, points.value) == (116, Money("USD", 1_16))
    assert [line.model_dump(mode="json") for line in points.items] == [
        {
            "entry_id": "shp_1",
            "kind": "earned",
            "order_id": "ord_1",
            "at": "2026-11-20T08:00:00.000000Z",
            "points": 116,
            "spend": {"currency": "USD", "amount": "116.77"},
            "expires_at": "2028-11-20T08:00:00.000000Z",
        }
    ]


def test_hearing_of_a_delivery_writes_one_document_and_emits_nothing(
    db: Database, now: datetime, emitted: Callable[[Database], list[Envelope]]
) -> None:
    ada = register(db, now)
    before, event = emitted(db), delivered(ada, "116.77")

    def work(tx: Transaction) -> list[str]:
        watched = Counting(tx)
        record_delivery(event, sealed(event, now), watched, now)
        return watched.writes

    assert db.transact(work) == ["purchases"]
    assert db.transact(work) == [], "heard twice"
    assert emitted(db) == before


@pytest.mark.parametrize(
    ("amount", "currency", "per_dollar", "cents"),
    [
        ("100.00", "EUR", "0.8846", 113_05),  # 113.0455573…
        ("10.05", "GBP", "2", 5_03),  # 5.025, half up
        ("10.04", "GBP", "2", 5_02),
        ("1500", "JPY", "150", 10_00),
        ("1.234", "KWD", "0.3085", 4_00),
        ("19.99", "USD", "0.5", 19_99),  # dollars are dollars
    ],
)
def test_converts_at_the_orders_own_rate_half_up(amount: str, currency: str, per_dollar: str, cents: int) -> None:
    assert in_base(Money.of(amount, currency), rate(per_dollar)) == Money("USD", cents)


def test_an_order_that_carries_no_rate_is_converted_at_the_table() -> None:
    assert in_base(Money.of("100.00", "EUR"), None) == Money("USD", 113_05)  # 1.1305 dollars a euro
    assert in_base(Money.of("100.00", "GBP"), None) == Money("USD", 131_50)  # 1.1305 / 0.85970 = 1.31499…


@pytest.mark.parametrize("broken", ["0", "-1", "NaN", "Infinity", "a lot", ""])
def test_what_is_no_rate_is_undeliverable(broken: str) -> None:
    with pytest.raises(Undeliverable):
        in_base(Money.of("1.00", "EUR"), rate(broken))


def test_a_currency_without_any_rate_is_undeliverable() -> None:
    with pytest.raises(Undeliverable):
        in_base(Money.of("1.000", "KWD"), None)


def test_each_shipment_is_rounded_down_by_itself(db: Database, now: datetime) -> None:
    ada = register(db, now)

    hear(db, delivered(ada, "10.60"), now)
    hear(db, delivered(ada, "10.60", "shp_2"), now)

    loyalty = profile(db, ada, now).loyalty
    assert (loyalty.points, loyalty.spend) == (20, Money("USD", 21_20))


def test_a_refund_of_everything_in_parts_leaves_nothing(db: Database, now: datetime) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "100.10"), now)
    for number, part in enumerate(("33.37", "33.37", "33.36")):
        hear(db, refunded(ada, part, f"ret_{number}"), now + (number + 1) * DAY)

    assert ledger(db, ada) == [
        ("ret_2", "reversed", -33, "-33.36"),
        ("ret_1", "reversed", -33, "-33.37"),
        ("ret_0", "reversed", -34, "-33.37"),
        ("shp_1", "earned", 100, "100.10"),
    ]
    loyalty = profile(db, ada, now + 9 * DAY).loyalty
    assert (loyalty.points, loyalty.spend) == (0, Money("USD", 0))


def test_a_refund_never_takes_more_than_its_order_earned(db: Database, now: datetime) -> None:
    ada = register(db, now)
    hear(db, delivered(ada, "50.00"), now)
    hear(db, delivered(ada, "80.00", "shp_other", "ord_other"), now)

    hear(db, refunded(ada, "70.00"), now + DAY)

    loyalty = profile(db, ada, now + DAY).loyalty
    assert (loyalty.points, loyalty.spend) == (80, Money("USD", 80_00))


def test_a_refund_that_comes_before_its_delivery_is_kept_and_applied(db: Database, now: datetime) -> None:
    ada = register(db, now)

    hear(db, refunded(ada, "30.00"), now + DAY)
    early = profile(db, ada, now + DAY).loyalty
    hear(db, delivered(ada, "100.00"), now)

    assert (early.points, early.spend) == (0, Money("USD", 0))
    assert ledger(db, ada) == [("ret_1", "reversed", -30, "-30.00"), ("shp_1", "earned", 100, "100.00")]
    assert profile(db, ada, now + DAY).loyalty.points == 70


def test_every_order_of_events_and_repeats_leaves_the_same(open_crm: Callable[[], Database], now: datetime) -> None:
    def facts(ada: str) -> list[tuple[Any, datetime]]:
        return [
            (delivered(ada, "60.50"), now),
            (delivered(ada, "40.70", "shp_2"), now + DAY),
            (refunded(ada, "50.40"), now + 2 * DAY),
            (refunded(ada, "0.70", "ret_2"), now + 3 * DAY),
        ]

    ends = []
    for order in permutations(range(4)):
        db = open_crm()
        ada = register(db, now)
        told = facts(ada)
        for number in (*order, *order):
            hear(db, *told[number], heard=now + 4 * DAY)
        purchase = db.get(Purchase, ORDER)
        assert purchase is not None
        ends.append((ledger(db, ada), purchase.points, purchase.spend_minor, purchase.counted_at, purchase.next_expiry))

    assert ends == [ends[0]] * 24
    assert ends[0][0] == [
        ("ret_2", "reversed", 0, "-0.70"),
        ("ret_1", "reversed", -50, "-50.40"),
        ("shp_2", "earned", 40, "40.70"),
        ("shp_1", "earned", 60, "60.50"),
    ]
    assert ends[0][1:4] == (50, 50_10, now)


cents = st.integers(min_value=0, max_value=300_00)


@given(st.lists(cents, max_size=4), st.lists(cents, max_size=4), st.integers(min_value=0, max_value=60))
def test_the_lines_always_sum_to_the_balance_which_is_never_below_zero(
    spent: list[int], given_back: list[int], expire_after_months: int
) -> None:
    start = datetime.fromisoformat("2026-11-20T08:00:00+00:00")
    earnings = tuple(
        Earning(shipment_id=f"shp_{n}", at=start + n * 40 * DAY, spend_minor=each, points=each // 100)
        for n, each in enumerate(spent)
    )
    refunds = tuple(
        Refund(return_id=f"ret_{n}", at=start + (n * 50 + 5) * DAY, spend_minor=each)
        for n, each in enumerate(given_back)
    )
    if not earnings and not refunds:
        return
    purchase = Purchase(order_id=ORDER, customer_id="cus_1", earnings=earnings, counted_at=start, changed_at=start)
    half = len(refunds) // 2
    purchase = purchase.model_copy(update={"refunds": refunds[:half] or refunds}).settled(start)
    purchase = purchase.expired(start + expire_after_months * 30 * DAY)
    purchase = purchase.model_copy(update={"refunds": refunds}).settled(start)

    assert purchase.points == sum(entry.points for entry in purchase.entries())
    assert 0 <= purchase.points <= sum(each.points for each in earnings)
    assert all(entry.points <= 0 for entry in purchase.entries() if entry.kind in ("reversed", "expired"))
    if sum(given_back) >= sum(spent):
        assert purchase.points == 0
