"""Transactions that meet: the later one runs again, and nothing is lost or doubled."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Contention, Invalid
from shared.storage.database import Database, Transaction
from tests.contracts.database.kinds import (
    Counter,
    DatabaseRoom,
    Hold,
    OpenDatabase,
    in_another_thread,
    increment,
    increment_often,
    put,
)


class Conflicts(DatabaseRoom):
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
