"""What every adapter of the Database port promises. A test subclasses `DatabaseContract` and gives `open_database`."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Protocol

import pytest

from shared.errors import Contention, Invalid
from shared.events.envelope import Envelope, Event
from shared.storage.database import Database, Transaction, UndeclaredIndex
from shared.storage.documents import Document, Index
from shared.storage.durability import Scope, scope
from shared.storage.guard import TransactionOpen, leaving
from shared.values.clock import Timestamp
from shared.values.money import Money

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Counter(Document):
    collection = "counters"
    key_field = "name"
    name: str
    count: int = 0


class State(StrEnum):
    PENDING = "pending"
    FIRM = "firm"


class Hold(Document):
    collection = "holds"
    key_field = "order_id"
    indexes = (
        Index("state", "expires_at"),
        Index("state"),
        Index("warehouse", "urgent", "quantity"),
        Index("quantity"),
        Index("warehouse"),
    )
    ttl_field = "expires_at"

    order_id: str
    state: State = State.PENDING
    warehouse: str | None = "north"
    urgent: bool = False
    quantity: int | None = 1
    expires_at: Timestamp | None = None
    price: Money = Money("USD", 1999)


class ParcelOfOldDays(Document):
    collection = "parcels"
    key_field = "parcel_id"
    parcel_id: str
    weight_kg: int


class Parcel(Document):
    collection = "parcels"
    key_field = "parcel_id"
    current_schema = 2
    parcel_id: str
    weight_g: int

    @classmethod
    def upgrade(cls, data: dict[str, Any]) -> dict[str, Any]:
        return {"parcel_id": data["parcel_id"], "weight_g": data["weight_kg"] * 1000}


class OrderPlaced(Event):
    type: ClassVar[str] = "order.placed"
    order_id: str
    total: Money = Money("USD", 1999)


class OpenDatabase(Protocol):
    """Opens another handle on the same store, as another process would; closed when the test ends."""

    def __call__(self, *, clock: Callable[[], datetime] = ...) -> Database: ...


def put(database: Database, *documents: Document) -> None:
    def work(tx: Transaction) -> None:
        for document in documents:
            tx.put(document)

    database.transact(work)


def increment(database: Database, name: str) -> int:
    def work(tx: Transaction) -> int:
        counter = tx.get(Counter, name) or Counter(name=name)
        counter.count += 1
        tx.put(counter)
        return counter.count

    return database.transact(work)


def increment_often(database: Database, name: str, times: int) -> None:
    for _ in range(times):
        increment(database, name)


def in_another_thread(work: Callable[[], object]) -> None:
    with ThreadPoolExecutor(1) as other:
        other.submit(work).result()


def keys(database: Database, **asked: Any) -> list[str]:
    return [hold.order_id for hold in database.query(Hold, **asked).items]


def pages(database: Database, **asked: Any) -> Iterator[list[str]]:
    cursor: str | None = None
    while True:
        page = database.query(Hold, cursor=cursor, **asked)
        yield [hold.order_id for hold in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return


class DatabaseContract:
    @pytest.fixture
    def open_database(self) -> Iterator[OpenDatabase]:
        raise NotImplementedError("the adapter's test gives this")

    @pytest.fixture
    def database(self, open_database: OpenDatabase) -> Database:
        return open_database()

    # documents

    def test_gives_back_what_was_put(self, database: Database) -> None:
        hold = Hold(order_id="ord_1", expires_at=NOW, price=Money("JPY", 1200))
        put(database, hold)
        assert database.get(Hold, "ord_1") == hold

    def test_knows_nothing_under_a_key_never_used(self, database: Database) -> None:
        assert database.get(Hold, "ord_1") is None
        assert database.transact(lambda tx: tx.get(Hold, "ord_1")) is None

    def test_another_handle_sees_what_was_committed(self, database: Database, open_database: OpenDatabase) -> None:
        put(database, Counter(name="a", count=7))
        assert open_database().get(Counter, "a") == Counter(name="a", count=7)

    def test_gets_many_in_the_order_asked_and_none_for_the_missing(self, database: Database) -> None:
        put(database, Counter(name="a", count=1), Counter(name="b", count=2))
        found = database.get_many(Counter, ["b", "x", "a", "b"])
        assert [counter and counter.count for counter in found] == [2, None, 1, 2]
        assert database.get_many(Counter, []) == []

    def test_upgrades_a_document_of_an_older_schema_when_read(self, database: Database) -> None:
        put(database, ParcelOfOldDays(parcel_id="p1", weight_kg=3))
        assert database.get(Parcel, "p1") == Parcel(parcel_id="p1", weight_g=3000, schema_version=2)
        database.transact(lambda tx: tx.put(tx.get(Parcel, "p1") or pytest.fail("lost")))
        assert database.get_many(Parcel, ["p1"]) == [Parcel(parcel_id="p1", weight_g=3000)]

    @pytest.mark.parametrize("key", ["", "a/b", "é" * 201])
    def test_refuses_a_key_that_no_store_takes(self, database: Database, key: str) -> None:
        with pytest.raises(ValueError):
            put(database, Counter(name=key))

    # transactions

    def test_reads_its_own_writes(self, database: Database) -> None:
        def work(tx: Transaction) -> list[Counter | None]:
            tx.put(Counter(name="a", count=1))
            first = tx.get(Counter, "a")
            tx.delete(Counter(name="a"))
            return [first, tx.get(Counter, "a")]

        assert database.transact(work) == [Counter(name="a", count=1), None]
        assert database.get(Counter, "a") is None

    def test_writes_a_document_as_it_was_when_put(self, database: Database) -> None:
        def work(tx: Transaction) -> Counter | None:
            counter = Counter(name="a", count=1)
            tx.put(counter)
            counter.count = 99
            return tx.get(Counter, "a")

        assert database.transact(work) == Counter(name="a", count=1)
        assert database.get(Counter, "a") == Counter(name="a", count=1)

    def test_shows_nothing_to_others_before_it_commits(self, database: Database) -> None:
        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a"))
            assert database.get(Counter, "a") is None

        database.transact(work)
        assert database.get(Counter, "a") == Counter(name="a")

    def test_writes_nothing_when_the_work_raises(self, database: Database) -> None:
        put(database, Counter(name="a", count=1))

        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a", count=2))
            tx.put(Counter(name="b"))
            tx.emit(OrderPlaced(order_id="ord_1"), NOW)
            raise Invalid(("quantity", "too many"))

        with pytest.raises(Invalid, match="quantity: too many"):
            database.transact(work)
        assert database.get(Counter, "a") == Counter(name="a", count=1)
        assert database.get(Counter, "b") is None
        assert database.outstanding() == 0

    def test_runs_again_when_another_wrote_what_it_read(self, database: Database) -> None:
        put(database, Counter(name="a", count=1))
        runs: list[int] = []

        def work(tx: Transaction) -> None:
            counter = tx.get(Counter, "a")
            assert counter is not None
            runs.append(counter.count)
            if len(runs) == 1:
                in_another_thread(lambda: increment(database, "a"))
            counter.count += 10
            tx.put(counter)

        database.transact(work)
        assert runs == [1, 2]
        assert database.get(Counter, "a") == Counter(name="a", count=12)

    def test_runs_again_when_what_it_only_read_has_changed(self, database: Database) -> None:
        put(database, Counter(name="limit", count=1))
        seen: list[int] = []

        def work(tx: Transaction) -> None:
            limit = tx.get(Counter, "limit")
            assert limit is not None
            seen.append(limit.count)
            if len(seen) == 1:
                in_another_thread(lambda: increment(database, "limit"))
            tx.put(Counter(name="used", count=limit.count))

        database.transact(work)
        assert seen == [1, 2]
        assert database.get(Counter, "used") == Counter(name="used", count=2)

    def test_runs_again_when_what_was_missing_has_come(self, database: Database) -> None:
        runs: list[bool] = []

        def work(tx: Transaction) -> None:
            missing = tx.get(Counter, "a") is None
            runs.append(missing)
            if len(runs) == 1:
                in_another_thread(lambda: increment(database, "a"))
            tx.put(Counter(name="b", count=int(missing)))

        database.transact(work)
        assert runs == [True, False]
        assert database.get(Counter, "b") == Counter(name="b", count=0)

    def test_runs_again_when_what_it_found_missing_and_would_remove_has_come(self, database: Database) -> None:
        runs: list[Counter | None] = []

        def work(tx: Transaction) -> None:
            runs.append(tx.get(Counter, "a"))
            if len(runs) == 1:
                in_another_thread(lambda: increment(database, "a"))
            tx.delete(Counter(name="a"))

        database.transact(work)
        assert runs == [None, Counter(name="a", count=1)]
        assert database.get(Counter, "a") is None

    def test_a_run_that_met_a_conflict_leaves_nothing_behind(self, database: Database) -> None:
        runs: list[int] = []

        def work(tx: Transaction) -> None:
            counter = tx.get(Counter, "a") or Counter(name="a")
            runs.append(counter.count)
            if len(runs) == 1:
                tx.put(Counter(name="only-in-the-first-run"))
                in_another_thread(lambda: increment(database, "a"))
            tx.put(counter)

        database.transact(work)
        assert runs == [0, 1]
        assert database.get(Counter, "only-in-the-first-run") is None

    def test_never_takes_a_recreated_document_for_the_deleted_one(self, database: Database) -> None:
        put(database, Counter(name="a", count=5))
        runs: list[int] = []

        def delete_and_recreate() -> None:
            database.transact(lambda tx: tx.delete(Counter(name="a")))
            put(database, Counter(name="a", count=5))

        def work(tx: Transaction) -> None:
            counter = tx.get(Counter, "a")
            assert counter is not None
            runs.append(counter.count)
            if len(runs) == 1:
                in_another_thread(delete_and_recreate)
            tx.put(Counter(name="a", count=6))

        database.transact(work)
        assert runs == [5, 5]

    def test_what_only_reads_sees_one_moment(self, database: Database) -> None:
        put(database, Counter(name="a", count=1), Counter(name="b", count=1))
        runs: list[int] = []

        def work(tx: Transaction) -> tuple[int, int]:
            a = tx.get(Counter, "a")
            runs.append(1)
            if len(runs) == 1:
                in_another_thread(lambda: put(database, Counter(name="a", count=2), Counter(name="b", count=2)))
            b = tx.get(Counter, "b")
            assert a is not None and b is not None
            return a.count, b.count

        assert database.transact(work) == (2, 2)
        assert len(runs) == 2

    def test_a_refusal_rests_on_reads_of_one_moment(self, database: Database) -> None:
        put(database, Counter(name="a", count=1), Counter(name="b", count=1))
        runs: list[int] = []

        def work(tx: Transaction) -> str:
            a = tx.get(Counter, "a")
            runs.append(1)
            if len(runs) == 1:
                in_another_thread(lambda: put(database, Counter(name="a", count=2), Counter(name="b", count=2)))
            b = tx.get(Counter, "b")
            assert a is not None and b is not None
            if a.count != b.count:
                raise Invalid(("count", "must be equal"))
            return "equal"

        assert database.transact(work) == "equal"

    def test_sixteen_threads_lose_no_increment(self, database: Database) -> None:
        with ThreadPoolExecutor(16) as threads:
            for done in [threads.submit(increment_often, database, "a", 25) for _ in range(16)]:
                done.result()
        assert database.get(Counter, "a") == Counter(name="a", count=400)

    def test_two_handles_lose_no_increment(self, database: Database, open_database: OpenDatabase) -> None:
        other = open_database()
        with ThreadPoolExecutor(2) as threads:
            for done in [threads.submit(increment_often, each, "a", 50) for each in (database, other)]:
                done.result()
        assert database.get(Counter, "a") == Counter(name="a", count=100)

    def test_a_race_to_create_has_one_winner(self, database: Database) -> None:
        start = threading.Barrier(8)

        def claim(name: int) -> str:
            def work(tx: Transaction) -> str:
                taken = tx.get(Hold, "ord_1")
                if taken is not None:
                    return f"lost to {taken.warehouse}"
                tx.create(Hold(order_id="ord_1", warehouse=f"w{name}"))
                return "won"

            start.wait()
            return database.transact(work)

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(claim, range(8)))
        winner = database.get(Hold, "ord_1")
        assert winner is not None
        assert answers.count("won") == 1
        assert answers.index("won") == int((winner.warehouse or "")[1:])
        assert answers.count(f"lost to {winner.warehouse}") == 7

    def test_a_create_that_was_overtaken_runs_again_and_sees_the_other(self, database: Database) -> None:
        runs: list[Counter | None] = []

        def work(tx: Transaction) -> None:
            if runs:
                runs.append(tx.get(Counter, "a"))
                return
            runs.append(None)
            in_another_thread(lambda: increment(database, "a"))
            tx.create(Counter(name="a", count=100))

        database.transact(work)
        assert runs == [None, Counter(name="a", count=1)]
        assert database.get(Counter, "a") == Counter(name="a", count=1)

    def test_creating_what_the_same_transaction_knows_to_exist_is_a_defect(self, database: Database) -> None:
        increment(database, "a")

        def work(tx: Transaction) -> None:
            tx.get(Counter, "a")
            tx.create(Counter(name="a"))

        with pytest.raises(ValueError, match="counters/a exists"):
            database.transact(work)
        assert database.get(Counter, "a") == Counter(name="a", count=1)

    def test_gives_up_with_contention_when_others_always_come_first(self, database: Database) -> None:
        runs: list[int] = []

        def work(tx: Transaction) -> None:
            tx.get(Counter, "a")
            runs.append(1)
            in_another_thread(lambda: increment(database, "a"))
            tx.put(Counter(name="a", count=-1))

        with pytest.raises(Contention):
            database.transact(work)
        assert database.get(Counter, "a") == Counter(name="a", count=len(runs))

    def test_removing_what_is_not_there_is_no_error(self, database: Database) -> None:
        database.transact(lambda tx: tx.delete(Counter(name="a")))
        assert database.get(Counter, "a") is None

    def test_takes_500_writes_in_one_commit_and_no_more(self, database: Database) -> None:
        put(database, *(Counter(name=f"a{i}") for i in range(500)))
        assert database.aggregate(Counter).count == 500

        def one_too_many(tx: Transaction) -> None:
            for i in range(500):
                tx.put(Counter(name=f"b{i}"))
            tx.emit(OrderPlaced(order_id="ord_1"), NOW)

        with pytest.raises(ValueError, match="501 writes"):
            database.transact(one_too_many)
        assert database.aggregate(Counter).count == 500
        assert database.outstanding() == 0

    def test_transactions_do_not_nest(self, database: Database, open_database: OpenDatabase) -> None:
        other = open_database()

        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a"))
            increment(other, "b")

        with pytest.raises(TransactionOpen):
            database.transact(work)
        assert database.get_many(Counter, ["a", "b"]) == [None, None]
        increment(database, "c")

    def test_no_effect_leaves_while_a_transaction_is_open(self, database: Database) -> None:
        def work(tx: Transaction) -> None:
            tx.put(Counter(name="a"))
            leaving("a call to payment")

        with pytest.raises(TransactionOpen, match="a call to payment inside a transaction"):
            database.transact(work)
        assert database.get(Counter, "a") is None

    # queries

    @pytest.fixture
    def holds(self, database: Database) -> Database:
        """ord_0 to ord_9: even ones pending, odd ones firm; two expire each minute; ord_9 never expires."""
        put(
            database,
            *(
                Hold(
                    order_id=f"ord_{i}",
                    state=State.FIRM if i % 2 else State.PENDING,
                    expires_at=None if i == 9 else NOW + timedelta(minutes=i // 2),
                    warehouse="north" if i < 6 else "south",
                    urgent=i in (1, 2, 8),
                    quantity=None if i == 4 else 10 - i // 3,
                )
                for i in range(10)
            ),
        )
        return database

    def test_finds_by_equality_in_the_order_of_keys(self, holds: Database) -> None:
        assert keys(holds, warehouse="south") == ["ord_6", "ord_7", "ord_8", "ord_9"]
        assert keys(holds, warehouse="west") == []
        assert keys(holds, state=State.FIRM, descending=True) == ["ord_9", "ord_7", "ord_5", "ord_3", "ord_1"]

    def test_finds_a_null(self, holds: Database) -> None:
        put(holds, Hold(order_id="ord_n", warehouse=None))
        assert keys(holds, warehouse=None) == ["ord_n"]

    def test_orders_by_a_time_between_inclusive_bounds(self, holds: Database) -> None:
        bounds = {"since": NOW + timedelta(minutes=1), "until": NOW + timedelta(minutes=3)}
        assert keys(holds, state="pending", order_by="expires_at", **bounds) == ["ord_2", "ord_4", "ord_6"]
        assert keys(holds, state="firm", order_by="expires_at", until=NOW) == ["ord_1"]

    def test_bounds_are_moments_whatever_their_zone(self, holds: Database) -> None:
        madrid = datetime.fromisoformat("2026-03-01T14:03:00+02:00")
        assert keys(holds, state="pending", order_by="expires_at", since=madrid) == ["ord_6", "ord_8"]

    def test_a_document_without_an_order_value_is_left_out(self, holds: Database) -> None:
        firm = ["ord_1", "ord_3", "ord_5", "ord_7"]
        assert keys(holds, state="firm", order_by="expires_at") == firm
        assert keys(holds, state="firm", order_by="expires_at", descending=True) == firm[::-1]

    def test_orders_by_a_number_with_ties_by_key(self, holds: Database) -> None:
        ordered = ["ord_9", "ord_6", "ord_7", "ord_8", "ord_3", "ord_5", "ord_0", "ord_1", "ord_2"]
        assert keys(holds, order_by="quantity") == ordered
        assert keys(holds, order_by="quantity", descending=True) == ordered[::-1]
        assert keys(holds, order_by="quantity", since=8, until=9) == ordered[1:6]

    def test_equality_fields_come_in_any_order(self, holds: Database) -> None:
        assert keys(holds, urgent=True, warehouse="north", order_by="quantity") == ["ord_1", "ord_2"]
        assert keys(holds, urgent=True, warehouse="north") == ["ord_1", "ord_2"]

    @pytest.mark.parametrize("descending", [False, True])
    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 9])
    def test_pages_meet_without_gap_or_overlap(self, holds: Database, limit: int, descending: bool) -> None:
        for asked in (
            {"order_by": "quantity"},
            {"order_by": "quantity", "since": 8, "until": 9},
            {"state": "firm", "order_by": "expires_at", "since": NOW},
            {"warehouse": "north"},
            {},
            {"order_by": "order_id", "since": "ord_2", "until": "ord_7"},
        ):
            whole = keys(holds, descending=descending, **asked)
            parts = list(pages(holds, limit=limit, descending=descending, **asked))
            assert [key for part in parts for key in part] == whole
            assert [len(part) for part in parts[:-1]] == [limit] * (len(parts) - 1)
            assert len(parts) == max(1, -(-len(whole) // limit))

    def test_lists_a_whole_collection_in_the_order_of_keys(self, holds: Database) -> None:
        assert keys(holds) == [f"ord_{i}" for i in range(10)]
        assert keys(holds, limit=2, descending=True) == ["ord_9", "ord_8"]
        assert keys(holds, order_by="order_id", since="ord_3", until="ord_5") == ["ord_3", "ord_4", "ord_5"]

    @pytest.mark.parametrize(
        "asked",
        [
            {"urgent": True},
            {"state": "firm", "warehouse": "north"},
            {"order_by": "expires_at"},
            {"state": "firm", "order_by": "quantity"},
            {"warehouse": "north", "order_by": "quantity"},
            {"colour": "red"},
        ],
    )
    def test_refuses_a_query_that_no_index_covers(self, holds: Database, asked: dict[str, Any]) -> None:
        with pytest.raises(UndeclaredIndex):
            holds.query(Hold, **asked)
        with pytest.raises(UndeclaredIndex):
            holds.aggregate(Hold, **asked)
        with pytest.raises(UndeclaredIndex):
            holds.transact(lambda tx: tx.query(Hold, **asked))

    def test_refuses_bounds_without_an_order(self, holds: Database) -> None:
        with pytest.raises(ValueError, match="order_by"):
            holds.query(Hold, warehouse="north", since=1)

    @pytest.mark.parametrize("cursor", ["", "x", "!!!!", "bm90IGpzb24", "WzEsMl0", "W251bGwsImEiXQ", "é", "W10"])
    def test_refuses_a_malformed_cursor(self, holds: Database, cursor: str) -> None:
        with pytest.raises(Invalid) as refused:
            holds.query(Hold, order_by="quantity", cursor=cursor)
        assert refused.value.extra["errors"][0]["field"] == "cursor"

    def test_refuses_a_cursor_of_another_list(self, holds: Database) -> None:
        by_key = holds.query(Hold, limit=1).next_cursor
        by_number = holds.query(Hold, order_by="quantity", limit=1).next_cursor
        for asked in (
            {"cursor": by_key, "order_by": "quantity"},
            {"cursor": by_number},
            {"cursor": by_number, "order_by": "quantity", "since": 9},
            {"cursor": by_number, "state": "firm", "order_by": "expires_at", "since": NOW},
        ):
            with pytest.raises(Invalid, match="cursor"):
                holds.query(Hold, **asked)

    def test_a_query_finds_documents_under_their_new_values_only(self, holds: Database) -> None:
        def work(tx: Transaction) -> None:
            hold = tx.get(Hold, "ord_6")
            assert hold is not None
            hold.warehouse = "north"
            tx.put(hold)
            tx.delete(Hold(order_id="ord_7"))

        holds.transact(work)
        assert keys(holds, warehouse="south") == ["ord_8", "ord_9"]
        assert "ord_6" in keys(holds, warehouse="north")

    # totals

    def test_counts_and_sums_a_whole_collection(self, holds: Database) -> None:
        totals = holds.aggregate(Hold, sums=["quantity"])
        assert (totals.count, totals.sums) == (10, {"quantity": 10 + 10 + 10 + 9 + 9 + 8 + 8 + 8 + 7})

    def test_counts_and_sums_what_matches(self, holds: Database) -> None:
        totals = holds.aggregate(Hold, sums=["quantity"], warehouse="south")
        assert (totals.count, totals.sums) == (4, {"quantity": 31})
        assert holds.aggregate(Hold, order_by="quantity", since=9).count == 5
        assert holds.aggregate(Hold, state="firm", order_by="expires_at", until=NOW + timedelta(minutes=1)).count == 2

    def test_the_totals_of_nothing_are_zero(self, database: Database) -> None:
        totals = database.aggregate(Hold, sums=["quantity"])
        assert (totals.count, totals.sums) == (0, {"quantity": 0})

    def test_refuses_to_sum_what_is_no_field(self, holds: Database) -> None:
        with pytest.raises(ValueError, match="colour"):
            holds.aggregate(Hold, sums=["colour"])

    # expiry

    def test_purges_what_lies_before_now_and_nothing_else(self, holds: Database) -> None:
        assert holds.purge(Hold, NOW + timedelta(minutes=1)) == 2
        assert keys(holds) == [f"ord_{i}" for i in range(2, 10)]
        assert holds.purge(Hold, NOW + timedelta(minutes=1)) == 0

    def test_purges_in_batches_and_never_what_has_no_expiry(self, holds: Database) -> None:
        late = NOW + timedelta(days=1)
        assert [holds.purge(Hold, late, limit=4) for _ in range(4)] == [4, 4, 1, 0]
        assert keys(holds) == ["ord_9"]

    def test_refuses_to_purge_what_has_no_ttl(self, database: Database) -> None:
        with pytest.raises(ValueError, match="ttl_field"):
            database.purge(Counter, NOW)

    # events

    def test_events_commit_with_the_documents(self, database: Database, open_database: OpenDatabase) -> None:
        def work(tx: Transaction) -> str:
            tx.put(Counter(name="a"))
            return tx.emit(OrderPlaced(order_id="ord_1"), NOW)

        event_id = database.transact(work)
        assert database.outstanding() == 1
        [event] = open_database(clock=lambda: datetime.now(UTC) + timedelta(seconds=31)).unsent()
        assert event.id == event_id
        assert event_id.startswith("evt_")
        assert event.model_dump(mode="json", exclude={"id"}, exclude_none=True) == {
            "specversion": "1.0",
            "type": "order.placed",
            "source": "/inventory",
            "subject": "ord_1",
            "time": "2026-03-01T12:00:00.000000Z",
            "datacontenttype": "application/json",
            "dataschema": "https://schemas.online-boutique.example/order.placed/v1",
            "data": {"order_id": "ord_1", "total": {"currency": "USD", "amount": "19.99"}},
        }

    def test_a_rerun_emits_once(self, database: Database) -> None:
        runs: list[int] = []

        def work(tx: Transaction) -> None:
            tx.get(Counter, "a")
            tx.emit(OrderPlaced(order_id="ord_1"), NOW)
            runs.append(1)
            if len(runs) == 1:
                in_another_thread(lambda: increment(database, "a"))
            tx.put(Counter(name="a"))

        database.transact(work)
        assert len(runs) == 2
        assert database.outstanding() == 1

    def test_a_scope_publishes_after_the_commit_and_forgets_what_was_sent(self, database: Database) -> None:
        published: list[Envelope] = []
        with scope(published.extend):
            event_id = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW))
            assert published == []
            assert database.outstanding() == 1
        assert [event.id for event in published] == [event_id]
        assert database.outstanding() == 0

    def test_what_could_not_be_published_stays(self, database: Database, caplog: pytest.LogCaptureFixture) -> None:
        def broker_is_down(events: object) -> None:
            raise ConnectionError

        with scope(broker_is_down):
            database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW))
        assert database.outstanding() == 1
        assert "publish failed" in caplog.text

    def test_the_relay_leaves_a_living_process_30_seconds(self, open_database: OpenDatabase) -> None:
        now = [NOW]
        database, relay = open_database(clock=lambda: now[0]), open_database(clock=lambda: now[0])
        first = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW - timedelta(days=9)))
        now[0] += timedelta(seconds=1)
        second = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_2"), NOW - timedelta(days=9)))
        assert database.unsent() == []
        now[0] = NOW + timedelta(seconds=30, milliseconds=1)
        assert [event.id for event in database.unsent()] == [first]
        now[0] += timedelta(seconds=1)
        assert [event.id for event in relay.unsent()] == [first, second]
        assert [event.id for event in relay.unsent(limit=1)] == [first]
        relay.discard_sent([first])
        assert [event.id for event in relay.unsent()] == [second]
        assert relay.outstanding() == 1

    def test_what_was_sent_is_gone_for_everyone_after_the_next_commit(
        self, database: Database, open_database: OpenDatabase
    ) -> None:
        event_id = database.transact(lambda tx: tx.emit(OrderPlaced(order_id="ord_1"), NOW))
        database.discard_sent([event_id])
        assert database.outstanding() == 0
        increment(database, "a")
        assert open_database().outstanding() == 0

    def test_work_makes_safe_what_it_saw_elsewhere_before_it_commits_here(self, database: Database) -> None:
        class Elsewhere:
            synced = 0

            def sync(self) -> None:
                assert database.get(Counter, "a") is None
                self.synced += 1

        elsewhere = Elsewhere()

        def with_cause(present: Scope) -> None:
            present.touched(elsewhere)
            increment(database, "a")
            assert elsewhere.synced == 1

        with scope(lambda events: None) as present:
            with_cause(present)
        assert elsewhere.synced == 1
